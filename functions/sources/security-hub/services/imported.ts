import type { Finding, Occurrence } from '../../../findings/finding';
import type { ServiceFinding } from '../../service-finding';
import type { Service } from './product';

/** The credentials that a finding of GuardDuty is about. */
export interface ImportedPrincipal {
  readonly name?: string | undefined;
  /** `IAMUser`, `AssumedRole`, `Root` and others. */
  readonly type?: string | undefined;
  readonly principalId?: string | undefined;
  readonly accessKeyId?: string | undefined;
}

/** A resource as Security Hub names it: its type without separators in lower case, such as `awsec2instance`. */
interface ImportedResource {
  readonly type: string;
  readonly id: string;
  /** Its path in the event. */
  readonly at: string;
  readonly principal?: ImportedPrincipal | undefined;
}

/** A finding of a service as Security Hub holds it, whatever the format. What people can change in Security Hub is not in it, but for the status. */
export interface Imported {
  readonly service: Service;
  readonly id: string;
  readonly types: readonly string[];
  /** Why it requires no action in its present status. */
  readonly idle: ServiceFinding['idle'];
  readonly detectedAt: string;
  readonly sentAt: string;
  readonly lastSeenAt: string;
  readonly occurrence?: Occurrence;
  readonly resources: readonly ImportedResource[];
  /** Of the resource in a finding of GuardDuty. */
  readonly role?: string | undefined;
  /** `CRITICAL`, `HIGH` and so on; undefined if it is unknown. */
  readonly severity: string | undefined;
  readonly hasFix: boolean;
  readonly hasSystemPackage: boolean;
  readonly isPublic: boolean;
  readonly remoteAddress?: string | undefined;
  /** By what Security Hub is told of the end. */
  readonly hub: Pick<Finding, 'securityHub' | 'securityHubV2'>;
}

import { type Place, type ResourceKind, type Rule, toArray } from '../../../rules/rule';
import type { Finding, Reading, RefusalCode } from '../../findings/finding';
import { reportedAs } from '../../findings/reported';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import { kindOf, refuse } from '../refuse';

export type Sought = Pick<Rule, 'detectedBy' | 'resource'>;
export type Sent = Pick<Finding, 'source' | 'action' | 'sentAt'>;

/** A resource of a finding, as its format names it. */
export interface ReportedResource {
  readonly type: string;
  readonly kind: (kinds: readonly ResourceKind[]) => ResourceKind | undefined;
  readonly id: string;
  /** Its path in the event, and below it the field of the id. */
  readonly at: string;
  readonly idField: string;
  /** By field: what it says of its place, and what the finding requires. */
  readonly claims: Readonly<Record<string, readonly [said: string | undefined, expected: string]>>;
}

/** A finding of a control that Security Hub generated, whatever its format. */
export interface ControlFindingReport {
  readonly id: string;
  readonly control: string | undefined;
  /** Why it requires no action in its present status. */
  readonly idle: { readonly code: RefusalCode; readonly reason: string } | undefined;
  readonly isOwnUpdate: boolean;
  readonly detectedAt: string;
  readonly resources: readonly ReportedResource[];
  readonly parameters?: Finding['parameters'];
  readonly reasons?: Finding['reasons'];
  /** By what Security Hub is told of the end; only for a finding of one resource. */
  readonly hub: Pick<Finding, 'securityHub' | 'securityHubV2'>;
}

/** The findings for the rule, one for each resource; or why there is none. */
export function findingsIn(rule: Sought, reported: ControlFindingReport, place: Place, sent: Sent): Reading {
  const { id, control, idle, parameters, reasons, detectedAt } = reported;
  const detectedBy = rule.detectedBy.securityHub.find((one) => one === control);
  if (detectedBy === undefined) {
    const own = rule.detectedBy.securityHub.join(', ') || 'no control';
    return refuse('ignored', 'other-control', `The control of the finding is ${quote(control)}. This rule remediates ${own}.`, id);
  }
  if (idle) return refuse('ignored', idle.code, idle.reason, id);
  if (reported.isOwnUpdate) {
    const reason = 'The event is about our own update of the finding, and its control has not updated it since.';
    return refuse('ignored', 'own-update', reason, id);
  }

  const kinds = toArray(rule.resource);
  const read = reported.resources.map((resource) => readResource(kinds, place, resource));
  const wrong = read.flatMap((resource) => (resource && 'problem' in resource ? [resource] : []))[0];
  if (wrong !== undefined) return refuse(kindOf(wrong.code), wrong.code, wrong.problem, id);
  const resources = read.flatMap((resource) => (resource && 'kind' in resource ? [resource] : []));
  if (resources.length === 0) {
    const supported = kinds.map(({ type }) => type).join(' or ');
    const reason = `The resource type of the finding is ${quote(reported.resources[0]?.type)}, not ${supported}.`;
    return refuse('ignored', 'other-resource-type', reason, id);
  }
  // A finding with several resources is not resolved when one of them is fixed: the next check of Security Hub decides.
  const alone = new Set(reported.resources.map((resource) => resource.id)).size === 1;
  return {
    findings: resources.map((resource) => ({
      ...place,
      ...sent,
      id,
      detectedBy,
      resource,
      detectedAt,
      ...(parameters && { parameters }),
      ...(reasons && { reasons }),
      ...(alone && reported.hub),
    })),
    refusals: [],
  };
}

/** The kind and ARN of a resource; undefined if the rule does not support its type. */
function readResource(
  kinds: readonly ResourceKind[],
  place: Place,
  { kind: kindIn, id, at, idField, claims }: ReportedResource,
): Finding['resource'] | { readonly problem: string; readonly code: RefusalCode } | undefined {
  const problem = contradiction(Object.entries(claims).map(([field, [said, expected]]) => [`${at}.${field}`, said, expected] as const));
  if (problem !== undefined) return { code: 'contradictory-event', problem };
  const kind = kindIn(kinds);
  if (!kind) return undefined;
  const reported = reportedAs(kind, place, id, `${at}.${idField}`);
  return 'problem' in reported ? reported : { kind, reported };
}

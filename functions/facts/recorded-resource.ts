import type { Event } from '@aws-sdk/client-cloudtrail';
import type { Resource, ResourceKind } from '../../rules/rule';

/** The resource whose last change is looked for. */
export interface Changed {
  readonly resource: Resource;
  readonly kind: Pick<ResourceKind, 'type' | 'recordedBy'>;
}

/** The names by which services record a resource: its id, its ARN, or as the caller named it. A lookup by only one of them could be evaded. */
export const namesOf = ({ id, arn }: Resource): readonly string[] => [...new Set([id, ...(arn.startsWith('arn:') ? [arn] : [])])];

/** The only name by which the service records the resource, if it is known. */
export const knownName = ({ resource, kind }: Changed): string | undefined =>
  kind.recordedBy && (kind.recordedBy === 'id' ? resource.id : resource.arn);

/** What an event says of what it changed. */
export interface Recorded {
  readonly name: string;
  /** As CloudTrail names the types, mostly like CloudFormation; missing where CloudTrail can't tell it. */
  readonly type: string | undefined;
  /** The service that was called: `sns.amazonaws.com`. */
  readonly source: string | undefined;
}

/**
 * Whether an event under a name of the resource is of that resource: resources of several services can have the same name. CloudTrail has names
 * of its own for some types, so only an event of another service, of a type of another service, is surely `of-another`.
 */
export function compare({ name, type, source }: Recorded, { resource, kind }: Changed): 'same' | 'of-another' | 'undecided' {
  if (type === kind.type || (name === resource.arn && name.startsWith('arn:'))) return 'same';
  const [own, other] = [serviceOf(kind.type), serviceOf(type)];
  if (!own || !other || own === other || !source) return 'undecided';
  const [, , called] = resource.arn.startsWith('arn:') ? resource.arn.split(':') : [];
  return called === undefined || source === `${called}.amazonaws.com` ? 'undecided' : 'of-another';
}

/** All that an event has changed. */
export const recordedIn = ({ Resources = [], EventSource: source }: Event): readonly Recorded[] =>
  Resources.flatMap(({ ResourceName: name, ResourceType: type }) => (name === undefined ? [] : [{ name, type, source }]));

const serviceOf = (type: string | undefined): string | undefined => /^AWS::(\w+)::\w/.exec(type ?? '')?.[1];

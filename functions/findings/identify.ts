import { type Aws, notFound, type Resource, type ResourceKind, type Rule, toArray } from '../../rules/rule';
import { arnOf, bareArn, idIn } from '../aws/arn';
import type { LogEvent } from '../log/event';
import type { Finding } from './finding';

/** The resource of a finding. Calls AWS only if AWS Config reported an id that is neither the ARN nor part of it. */
export async function identify({ resource: { kind, reported }, ...place }: Finding, aws: Aws): Promise<Resource | typeof notFound> {
  if ('arn' in reported) return resourceAt(kind, place, reported.arn);
  if (idIn(kind, place, reported.configId) !== undefined && kind.arn.startsWith('arn:')) return resourceAt(kind, place, reported.configId);
  const arn = kind.resolve ? await kind.resolve(reported.configId, place, aws) : arnOf(kind, place, reported.configId);
  return arn === undefined ? notFound : resourceAt(kind, place, arn);
}

/** The resource of a logged event. */
export function resourceOf(
  rule: Pick<Rule, 'id' | 'resource'>,
  { resource, resourceType, partition, account, region }: LogEvent,
): Resource {
  const kind = toArray(rule.resource).find(({ type }) => type === resourceType);
  if (!kind) throw new Error(`The rule ${rule.id} does not support the resource type ${resourceType}.`);
  return resourceAt(kind, { partition, account, region }, resource);
}

function resourceAt(
  kind: ResourceKind,
  { partition, account, region }: Pick<Resource, 'partition' | 'account' | 'region'>,
  arn: string,
): Resource {
  const id = idIn(kind, { partition, account, region }, arn);
  if (id === undefined) throw new Error(`${arn} is not a valid ARN of an ${kind.type} in account ${account}, ${region}.`);
  return { type: kind.type, id, arn: bareArn(kind, arn), partition, account, region };
}

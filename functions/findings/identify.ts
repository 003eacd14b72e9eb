import { type Aws, notFound, type Place, type Resource, type ResourceKind, type Rule, toArray, type Unfixable } from '../../rules/rule';
import { arnOf, bareArn, expandArn, idIn } from '../aws/arn';
import type { LogEvent } from '../log/event';
import { quote } from '../untrusted-text';
import type { Finding } from './finding';
import { elsewhereIn, idReported } from './reported';

/** Why nobody can tell the resource of a finding, or change it where it was reported; stable, for software. */
export type IdentityCode = 'unreadable-resource-id' | 'ambiguous-resource-id' | 'belongs-elsewhere';

/** The resource of a finding; or that it does not exist; or why nobody can tell. */
export type Identified = Resource | typeof notFound | Unfixable;

/**
 * The resource of a finding, or why nobody can tell it. Calls AWS only if the finding names it by an id that is not part of its ARN, or could be
 * another than its name.
 */
export async function identify(
  { resource: { kind, reported }, ...found }: Pick<Finding, 'resource' | keyof Place>,
  aws: Aws,
): Promise<Identified> {
  const place: Place = { partition: found.partition, account: found.account, region: found.region };
  const said = 'arn' in reported ? reported.arn : reported.configId;
  const elsewhere = elsewhereIn(kind, place, said);
  if (elsewhere !== undefined)
    return {
      unfixable: `The resource ${quote(said)} belongs to ${elsewhere}, and can only be changed there.`,
      code: 'belongs-elsewhere' satisfies IdentityCode,
    };
  const own = idIn(kind, place, said);
  if (own !== undefined && !kind.assignedId?.test(own)) return resourceAt(kind, place, said);
  const id = own ?? idReported(kind, place, said);
  if (id === undefined) return unreadable(kind, place, said);
  if (idIn(kind, place, id) !== undefined) return resourceAt(kind, place, id);
  const resolved = await kind.resolve?.(id, place, aws);
  const [arn, ...others] = new Set(resolved);
  if (others.length > 0)
    return {
      unfixable: `${quote(said)} is the id of one resource and the name of another.`,
      code: 'ambiguous-resource-id' satisfies IdentityCode,
    };
  if (arn !== undefined) return resolvedAt(kind, place, arn);
  if (resolved !== undefined) return notFound;
  const named = own === undefined ? arnOf(kind, place, id) : said;
  return named === undefined ? unreadable(kind, place, said) : resourceAt(kind, place, named);
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

function resourceAt(kind: ResourceKind, place: Place, arn: string): Resource {
  const id = idIn(kind, place, arn);
  if (id === undefined) throw new Error(`${arn} is not a valid ARN of an ${kind.type} in account ${place.account}, ${place.region}.`);
  return { type: kind.type, id, arn: bareArn(kind, arn), ...place };
}

/** What AWS says has the id; its name can have a form that nobody foresaw. */
const resolvedAt = (kind: ResourceKind, place: Place, arn: string): Resource | Unfixable =>
  idIn(kind, place, arn) === undefined ? unreadable(kind, place, arn) : resourceAt(kind, place, arn);

const unreadable = (kind: ResourceKind, place: Place, said: string): Unfixable => ({
  unfixable: `${quote(said)} is not the ARN or the id of an ${kind.type}. An ARN must match ${expandArn(kind.arn, place)}.`,
  code: 'unreadable-resource-id' satisfies IdentityCode,
});

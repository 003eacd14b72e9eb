import { type Aws, type Place, type Resource, type ResourceKind, type Rule, toArray } from '../../rules/rule';
import { arnOf, bareArn, idIn } from '../aws/arn';

/** A resource that a rule checks. */
export interface Target {
  readonly rule: Rule;
  readonly kind: ResourceKind;
  readonly resource: Resource;
}

/** The target for an id or an ARN of one of the rule's kinds; undefined for any other. */
export function targetAt(rule: Rule, { partition, account, region }: Place, name: string): Target | undefined {
  const place = { partition, account, region };
  for (const kind of toArray(rule.resource)) {
    const arn = idIn(kind, place, name) === undefined ? arnOf(kind, place, name) : name;
    const id = arn === undefined ? undefined : idIn(kind, place, arn);
    if (arn !== undefined && id !== undefined) return { rule, kind, resource: { ...place, type: kind.type, id, arn: bareArn(kind, arn) } };
  }
  return undefined;
}

/** All resources of the account and region that the rule checks, and the listed names that are not supported, such as names outside ASCII. */
export async function targetsOf(
  rule: Rule,
  place: Place,
  aws: Aws,
): Promise<{ readonly targets: readonly Target[]; readonly unread: readonly string[] }> {
  const names = rule.list ? await rule.list(place, aws) : accountOf(rule, place);
  const found = names.map((name) => ({ name, target: targetAt(rule, place, name) }));
  return {
    targets: found.flatMap(({ target }) => target ?? []),
    unread: found.flatMap(({ name, target }) => (target ? [] : [name])),
  };
}

function accountOf(rule: Rule, { account }: Place): readonly string[] {
  if (toArray(rule.resource).every(({ arn }) => !/\{(id|slashedId|freeId)\}/.test(arn))) return [account];
  throw new Error(`The rule ${rule.id} can't list its resources. Specify their ARNs.`);
}

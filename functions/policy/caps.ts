import type { Change, ResourceKind, Rule } from '../../rules/rule';
import type { Policy } from './policy';

/** How many different things responses contain in an hour. Only an approval goes beyond it. */
export interface Cap {
  /** What is counted together, also as a part of the key of its counter. */
  readonly of: string;
  /** What is counted, with its place, as a phrase. */
  readonly what: string;
  readonly max: number;
  /** What would be contained: counted once an hour, whichever responses do it. */
  readonly member: string;
}

interface Contained {
  readonly rule: Pick<Rule, 'response'>;
  readonly kind: Pick<ResourceKind, 'identity'>;
  readonly resource: { readonly account: string; readonly region: string; readonly arn: string };
  /** Left out, as long as they are unknown. */
  readonly changes?: readonly Change[];
}

/** The caps that a response to the resource counts under. Pure. */
export function capsOf(
  { responses: { caps } }: Pick<Policy, 'responses'>,
  { rule, kind, resource, changes = [] }: Contained,
): readonly Cap[] {
  if (!rule.response) return [];
  const { account, region, arn: member } = resource;
  const here = `in account ${account}`;
  const groups = new Map(changes.flatMap(({ takesFrom }) => (takesFrom ? [[takesFrom.group, takesFrom.size] as const] : [])));
  return [
    { of: `account ${account}`, what: `contained resources ${here}`, max: caps.account, member },
    ...(kind.identity ? [{ of: `identities ${account}`, what: `contained users and roles ${here}`, max: caps.identities, member }] : []),
    ...[...groups].map(([group, size]) => ({
      of: `group ${account} ${region} ${group}`,
      what: `contained members of ${group}, which has ${size},`,
      max: Math.max(caps.groupPercent > 0 ? 1 : 0, Math.floor((size * caps.groupPercent) / 100)),
      member,
    })),
  ];
}

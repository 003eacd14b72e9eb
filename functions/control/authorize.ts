import type { Rule } from '../../rules/rule';
import { matchesWildcard } from '../../rules/wildcard';
import type { LogEvent } from '../log/event';
import { type Fact, factOf } from '../policy/fact';
import type { Policy } from '../policy/policy';
import { type Case, matchOf } from '../policy/scope';

/** What an approver may decide upon: one remediation, or a rule as a whole, or everything. */
export type Matter = { readonly event: LogEvent; readonly rule: Rule } | { readonly rule: Rule } | 'everything';

/** Why the person may not; undefined where one of the approvers of the policy is them, for this. */
export async function forbidden(
  by: string,
  matter: Matter,
  { policy, ousOf }: { readonly policy: Policy; readonly ousOf: (account: string) => Promise<readonly string[]> },
): Promise<string | undefined> {
  const entries = policy.approvals.approvers.filter(({ principals }) => principals.some((one) => isPrincipal(by, one)));
  if (entries.length === 0) return `${by} is no approver of the policy: none of approvals.approvers names them.`;
  const asksOus = entries.some(({ ous }) => ous !== undefined) && matter !== 'everything' && 'event' in matter;
  const ous = asksOus ? await factOf(ousOf(matter.event.account)) : { unknown: 'nobody has asked' };
  if (entries.some((entry) => covers(entry, matter, ous))) return undefined;
  return `${by} is an approver, but not for this: no entry of approvals.approvers that names them covers ${textOf(matter)}.`;
}

/** A pattern without wildcards is that principal alone; a role stands for all its sessions. */
export function isPrincipal(arn: string, pattern: string): boolean {
  if (matchesWildcard(arn, pattern)) return true;
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  return role !== undefined && matchesWildcard(`arn:${partition}:iam::${account}:role/${role}`, withoutPath(pattern));
}

/** A session does not tell the path of its role. The name is the role's alone in its account; where it is a pattern, the path has to stay. */
const withoutPath = (pattern: string): string => (/[*?]/.test(pattern) ? pattern : pattern.replace(/:role\/.*\//, ':role/'));

function covers(entry: Policy['approvals']['approvers'][number], matter: Matter, ous: Fact<readonly string[]>): boolean {
  const { principals: _, ...scope } = entry;
  const unbound = Object.values(scope).every((value) => value === undefined);
  if (unbound || matter === 'everything') return unbound;
  if (!('event' in matter)) {
    // A rule works everywhere: who answers for some places does not answer for it.
    const { rules, ...places } = scope;
    return rules?.some((one) => matchesWildcard(matter.rule.id, one)) === true && Object.values(places).every((value) => value === undefined);
  }
  return matchOf(scope, caseOf(matter, ous)) === 'yes';
}

function caseOf({ event, rule }: { readonly event: LogEvent; readonly rule: Rule }, ous: Fact<readonly string[]>): Case {
  const { id, risk, severity, detectedBy } = rule;
  const { account, region, resource } = event;
  return {
    rule: { id, risk, severity, controls: detectedBy.securityHub },
    detectedBy: event.detectedBy,
    account,
    region,
    resource,
    ous,
    // Who can tag a resource is not to choose its approvers.
    tags: { unknown: 'tags do not say who approves' },
  };
}

const textOf = (matter: Matter): string => {
  if (matter === 'everything') return 'everything';
  return 'event' in matter
    ? `${matter.rule.id} on ${matter.event.resource} of account ${matter.event.account}`
    : `the rule ${matter.rule.id} everywhere`;
};

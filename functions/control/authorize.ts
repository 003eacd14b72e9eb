import type { Rule } from '../../rules/rule';
import { matchesWildcard } from '../../rules/wildcard';
import type { LogEvent } from '../log/event';
import { personOf } from '../policy/answerer';
import { type Fact, factOf } from '../policy/fact';
import type { Policy } from '../policy/policy';
import { isPrincipal } from '../policy/principal';
import { type Case, matchOf } from '../policy/scope';

/** The subject of an authorization: one remediation, a rule as a whole, or everything. */
export type Matter = { readonly event: LogEvent; readonly rule: Rule } | { readonly rule: Rule } | 'everything';

interface Forbidden {
  readonly code: 'not-an-approver' | 'out-of-scope';
  readonly reason: string;
}

/** Why the caller is not authorized; undefined if an entry of the policy's approvers covers the subject. */
export async function forbidden(
  by: string,
  matter: Matter,
  { policy, ousOf }: { readonly policy: Policy; readonly ousOf: (account: string) => Promise<readonly string[]> },
): Promise<Forbidden | undefined> {
  const person = personOf(by, policy);
  if (person === undefined)
    return {
      code: 'not-an-approver',
      reason: `The policy does not say who ${by} is: no entry of tickets.answers.operators names this user.`,
    };
  const entries = policy.approvals.approvers.filter(({ principals }) => principals.some((one) => isPrincipal(person, one)));
  if (entries.length === 0) {
    const who = person === by ? by : `${by} (${person})`;
    return { code: 'not-an-approver', reason: `${who} is not an approver: no entry of approvals.approvers in the policy matches.` };
  }
  const asksOus = entries.some(({ ous }) => ous !== undefined) && matter !== 'everything' && 'event' in matter;
  const ous = asksOus ? await factOf(ousOf(matter.event.account)) : { unknown: 'not read' };
  if (entries.some((entry) => covers(entry, matter, ous))) return undefined;
  const reason = `${by} is an approver, but not for ${textOf(matter)}: no matching entry of approvals.approvers in the policy covers it.`;
  return { code: 'out-of-scope', reason };
}

function covers(entry: Policy['approvals']['approvers'][number], matter: Matter, ous: Fact<readonly string[]>): boolean {
  const { principals: _, ...scope } = entry;
  const unbound = Object.values(scope).every((value) => value === undefined);
  if (unbound || matter === 'everything') return unbound;
  if (!('event' in matter)) {
    // A rule applies everywhere, so approvers with a limited scope are not authorized for it.
    const { rules, ...places } = scope;
    return (
      rules?.some((one) => matchesWildcard(matter.rule.id, one)) === true && Object.values(places).every((value) => value === undefined)
    );
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
    // A principal that can tag a resource must not be able to choose its approvers.
    tags: { unknown: 'tags do not determine approvers' },
  };
}

const textOf = (matter: Matter): string => {
  if (matter === 'everything') return 'all changes';
  return 'event' in matter
    ? `${matter.rule.id} on ${matter.event.resource} in account ${matter.event.account}`
    : `the rule ${matter.rule.id} in all accounts`;
};

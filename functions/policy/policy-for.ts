import type { Rule } from '../../rules/rule';
import type { Policy } from './policy';

/**
 * The policy as it applies to a rule. A response to a threat has modes and a limit of its own. No window, grace period, deadline, owner or limit of settings
 * holds it up, and no number of attacks on one resource makes it give up.
 */
export function policyFor({ response }: Pick<Rule, 'response'>, policy: Policy): Policy {
  if (!response) return policy;
  const { default: usual, clauses, limit, duringFreezes, approvalHours } = policy.responses;
  return {
    ...policy,
    modes: { default: usual, clauses },
    windows: [],
    grace: [],
    deadlines: [],
    freezes: duringFreezes ? [] : policy.freezes,
    limits: { rule: limit, account: {}, all: {}, beyond: 'ask' },
    ownership: { ...policy.ownership, mode: 'fix', lastChange: false },
    approvals: { ...policy.approvals, hours: approvalHours },
    driftLoops: { ...policy.driftLoops, fixes: Number.POSITIVE_INFINITY },
  };
}

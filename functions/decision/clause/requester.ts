import { beyondRequester, requesterNamed } from '../../policy/requester';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** What the policy lets the tool do that requested the remediation: the policy of now, not of when it asked. */
export function requester({ policy, about, requester: name }: Facts): readonly ClauseResult[] {
  if (name === undefined) return [];
  const { rule, account, resource } = about;
  const beyond = beyondRequester(policy, { requester: name, rule: rule.id, account, resource });
  if (beyond) return [{ clause: 'requester', answer: 'observe', reason: beyond.reason.replace(/\.$/, '') }];
  return requesterNamed(policy, name)?.mode === 'fix'
    ? [{ clause: 'requester', answer: 'fix', reason: `the policy lets ${name} request fixes` }]
    : [{ clause: 'requester', answer: 'ask', reason: `${name} can only ask, by requesters.${name}.mode` }];
}

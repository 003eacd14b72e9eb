import { escalationOf } from '../../policy/escalation';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/**
 * A response that nobody answered in the time of the policy, and that the policy authorizes in advance: neither its mode nor its risk asks any
 * more. Every other reason to ask does, such as a limit, an earlier release, a tag, or a fact that can't be read.
 */
export function afterEscalation({ policy, about, now, asked, seenAt }: Facts, found: readonly ClauseResult[]): readonly ClauseResult[] {
  if (asked === undefined || seenAt === undefined) return found;
  const due = escalationOf(policy, about, { askedAt: asked, seenAt });
  if (due?.by === undefined || due.at > now) return found;
  const why = `unanswered since ${asked}, and authorized by ${due.by}`;
  return found.map((one) =>
    ['mode', 'risk'].includes(one.clause) && one.answer === 'ask' && !one.uncertain && !one.unread
      ? { ...one, answer: 'fix', reason: `${one.reason}; ${why}` }
      : one,
  );
}

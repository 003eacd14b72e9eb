import { type Deadline, deadlineOf } from '../../policy/deadline';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Until when the misconfiguration is to be ended. It restricts nothing. */
export function deadline(facts: Facts): readonly ClauseResult[] {
  const due = dueIn(facts);
  if (!due) return [];
  const { at, action } = due;
  return [{ clause: 'deadline', answer: 'fix', reason: `${at.toISOString()}, then ${action}${at <= facts.now ? ' (passed)' : ''}` }];
}

/** After a deadline with `fix`, the mode `ask` no longer holds. Every other reason to ask does. */
export function afterDeadline(facts: Facts, found: readonly ClauseResult[]): readonly ClauseResult[] {
  const due = dueIn(facts);
  if (due?.action !== 'fix' || due.at > facts.now) return found;
  return found.map((one) =>
    one.clause === 'mode' && one.answer === 'ask' && !one.uncertain
      ? { ...one, answer: 'fix', reason: `${one.reason}; the deadline has passed` }
      : one,
  );
}

const dueIn = ({ policy, about, now, detectedAt, receivedAt = now.toISOString() }: Facts): Deadline | undefined =>
  deadlineOf(policy, about, { detectedAt, receivedAt });

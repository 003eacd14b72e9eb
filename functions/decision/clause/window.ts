import { frozenUntil, opensNext, openUntil } from '../../policy/calendar';
import { matchOf, mayHold } from '../../policy/scope';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether changes may be made now: in an open window, and not in a freeze. */
export const window = (facts: Facts): readonly ClauseResult[] => [...windows(facts), ...freezes(facts)];

function windows({ policy, about, now }: Facts): readonly ClauseResult[] {
  const fitting = policy.windows.filter((one) => mayHold(one, about));
  if (fitting.length === 0) return [];
  // A window that only may match prevents changes while closed, and permits none while open.
  const open = fitting.find((one) => matchOf(one, about) === 'yes' && openUntil(one, now));
  if (open) return [{ clause: 'window', answer: 'fix', reason: `${open.name} is open until ${openUntil(open, now)?.toISOString()}` }];
  const next = fitting.flatMap((one) => opensNext(one, now) ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  const names = fitting.map(({ name }) => name).join(', ');
  if (!next) return [{ clause: 'window', answer: 'ask', reason: `${names}: closed, and never opens again` }];
  return [{ clause: 'window', answer: 'defer', reason: `${names}: closed, opens at ${next.toISOString()}`, until: next }];
}

function freezes({ policy, about, now }: Facts): readonly ClauseResult[] {
  return policy.freezes.flatMap((freeze): readonly ClauseResult[] => {
    const until = mayHold(freeze, about) ? frozenUntil(freeze, now) : undefined;
    return until ? [{ clause: 'freeze', answer: 'defer', reason: `${freeze.reason}, until ${until.toISOString()}`, until }] : [];
  });
}

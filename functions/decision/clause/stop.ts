import { hours } from '../../duration';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether an operator has stopped the changes of the rule, and whether the recorded state can be read at all. */
export function stop({ recorded, now }: Facts): readonly ClauseResult[] {
  const until = new Date(now.getTime() + hours(1));
  if ('unknown' in recorded) {
    return [{ clause: 'record', answer: 'defer', reason: `the recorded state can't be read: ${recorded.unknown}`, until }];
  }
  const { stop: word } = recorded.known;
  if (!word) return [];
  const { by, at, why, what = 'all changes' } = word;
  return [{ clause: 'stop', answer: 'defer', reason: `${by} stopped ${what} at ${at}: ${why}`, until }];
}

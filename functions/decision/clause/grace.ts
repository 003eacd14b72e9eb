import { hours } from '../../duration';
import { mayHold } from '../../policy/scope';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether the owner still has time to fix it. */
export function grace({ policy, about, now, detectedAt }: Facts): readonly ClauseResult[] {
  const granted = Math.max(0, ...policy.grace.filter((entry) => mayHold(entry, about)).map((entry) => entry.hours));
  if (granted === 0) return [];
  const until = new Date(Date.parse(detectedAt) + hours(granted));
  const deadline = `grace period of ${granted} hours from detection, until ${until.toISOString()}`;
  return until > now
    ? [{ clause: 'grace', answer: 'defer', reason: deadline, until }]
    : [{ clause: 'grace', answer: 'fix', reason: `${deadline} (ended)` }];
}

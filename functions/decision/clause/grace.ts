import { mayHold } from '../../policy/scope';
import type { Facts } from '../facts';
import type { Weighed } from '../verdict';

/** Whether the owner still has time to mend it himself. */
export function grace({ policy, about, now, detectedAt }: Facts): readonly Weighed[] {
  const hours = Math.max(0, ...policy.grace.filter((entry) => mayHold(entry, about)).map((entry) => entry.hours));
  if (hours === 0) return [];
  const until = new Date(Date.parse(detectedAt) + hours * 3_600_000);
  const deadline = `${hours} hours from the detection, until ${until.toISOString()}`;
  return until > now
    ? [{ clause: 'grace', answer: 'defer', reason: `the owner has ${deadline}`, until }]
    : [{ clause: 'grace', answer: 'fix', reason: `the owner had ${deadline}` }];
}

import type { Facts } from '../facts';
import type { Weighed } from '../verdict';

/** Changes without a way back wait for an approval; what stands before them, and does not depend on them, does not. */
export function irreversible({ changes }: Facts): readonly Weighed[] {
  const first = changes.findIndex((change) => 'irreversible' in change);
  if (first < 0) return [];
  const reasons = changes.flatMap((change) => ('irreversible' in change ? [`one change can't be undone: ${change.irreversible}`] : []));
  const mixed = changes.slice(first).some((change) => !('irreversible' in change));
  if (mixed) reasons.push('changes that can be undone stand behind one that can not, and may depend on it');
  // What stands before may go ahead, so this holds up a part alone.
  const whole = first === 0 || mixed;
  return reasons.map((reason) => ({ clause: 'approval', answer: whole ? 'ask' : 'fix', reason }));
}

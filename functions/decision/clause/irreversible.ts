import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Irreversible changes wait for an approval; changes before them, which do not depend on them, do not. */
export function irreversible({ changes }: Facts): readonly ClauseResult[] {
  const first = changes.findIndex((change) => 'irreversible' in change);
  if (first < 0) return [];
  const reasons = changes.flatMap((change) => ('irreversible' in change ? [`a change is irreversible: ${change.irreversible}`] : []));
  const mixed = changes.slice(first).some((change) => 'undo' in change);
  if (mixed) reasons.push('reversible changes follow an irreversible one, and may depend on it');
  // Changes before it may proceed, so only a part waits.
  const whole = first === 0 || mixed;
  return reasons.map((reason) => ({ clause: 'approval', answer: whole ? 'ask' : 'fix', reason }));
}

import type { Facts } from '../facts';
import type { Weighed } from '../verdict';

/** Whether the breaker of the rule is open, after failures or manual rollbacks. */
export function breaker({ standing }: Facts): readonly Weighed[] {
  if ('unknown' in standing || !standing.known.open) return [];
  const { at, why } = standing.known.open;
  return [{ clause: 'breaker', answer: 'observe', reason: `open since ${at}: ${why}. An operator has to close it`, outcome: 'tripped' }];
}

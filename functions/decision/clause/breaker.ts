import type { Facts } from '../facts';
import type { Weighed } from '../verdict';

/** Whether the rule was put back to observe, by its own failures or by the rollbacks of people. */
export function breaker({ standing }: Facts): readonly Weighed[] {
  if ('unknown' in standing || !standing.known.open) return [];
  const { at, why } = standing.known.open;
  return [{ clause: 'breaker', answer: 'observe', reason: `open since ${at}: ${why}. A person has to close it`, outcome: 'tripped' }];
}

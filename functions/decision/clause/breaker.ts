import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether the breaker of the rule is open, after failures or manual rollbacks. */
export function breaker({ recorded }: Facts): readonly ClauseResult[] {
  if ('unknown' in recorded || !recorded.known.open) return [];
  const { at, why } = recorded.known.open;
  return [
    { clause: 'breaker', answer: 'observe', reason: `open since ${at}: ${why}. An approver has to close it`, outcome: 'breaker-open' },
  ];
}

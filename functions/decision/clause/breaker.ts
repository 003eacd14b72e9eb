import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether the breaker of the rule is open, in the account or in all accounts, after failures or manual rollbacks. */
export function breaker({ recorded }: Facts): readonly ClauseResult[] {
  if ('unknown' in recorded || !recorded.known.open) return [];
  const { at, why, account } = recorded.known.open;
  const where = account === undefined ? 'in all accounts' : `in account ${account}`;
  return [
    {
      clause: 'breaker',
      answer: 'observe',
      reason: `open ${where} since ${at}: ${why}. An approver has to close it`,
      outcome: 'breaker-open',
    },
  ];
}

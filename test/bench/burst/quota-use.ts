import type { Call } from '../../emulator/gateway';
import { publishedQuotas } from '../../emulator/gateway/quotas/published';

/** What a burst took of one quota. */
export interface QuotaUse {
  readonly call: string;
  readonly answered: number;
  readonly refused: number;
  /** Seconds that AWS needs at least to answer so many calls. */
  readonly atLeast: number;
}

/** The quotas that the calls met, the narrowest first. */
export function quotaUses(calls: readonly Call[]): readonly QuotaUse[] {
  const uses = new Map<string, { answered: number; refused: number; perSecond: number; burst: number }>();
  for (const { service, operation, refused } of calls) {
    const quota = publishedQuotas.find((one) => one.service === service && one.operations.test(operation));
    if (!quota) continue;
    const { perSecond, burst = perSecond } = quota;
    const use = uses.get(`${service}:${operation}`) ?? { answered: 0, refused: 0, perSecond, burst };
    if (refused === 'quota') use.refused += 1;
    else use.answered += 1;
    uses.set(`${service}:${operation}`, use);
  }
  return [...uses]
    .map(([call, { answered, refused, perSecond, burst }]) => ({
      call,
      answered,
      refused,
      atLeast: Math.max(0, (answered - burst) / perSecond),
    }))
    .toSorted((one, other) => other.atLeast - one.atLeast);
}

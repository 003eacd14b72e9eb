import { days } from '../../duration';
import type { Outcome } from '../../log/event';
import { queryLog } from '../../log/query';
import { nameOf } from '../../log/trail';
import type { DeployedTables } from '../central/deployed-tables';

/** The outcomes that say that a fix or a rollback did not work. */
const failures = ['failed', 'unverified', 'rollback-failed'] as const satisfies readonly Outcome[];

/** The remediations that failed in the last 24 hours. */
export interface Failures {
  readonly count: number;
  readonly byOutcome: Readonly<Partial<Record<(typeof failures)[number], number>>>;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

const max = 500;

export async function failedLately({ dynamo, log }: DeployedTables, now: Date): Promise<Failures> {
  const since = new Date(now.getTime() - days(1)).toISOString();
  const counts = await Promise.all(
    failures.map(async (outcome) => {
      const { entries, next } = await queryLog(dynamo, log, { outcome, since }, { limit: max, perPage: max });
      const own = entries.filter(({ by, forged }) => by === 'rule' && forged === undefined);
      return { outcome, count: new Set(own.map(nameOf)).size, isMore: next !== undefined };
    }),
  );
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    byOutcome: Object.fromEntries(counts.filter(({ count }) => count > 0).map(({ outcome, count }) => [outcome, count])),
    isMore: counts.some(({ isMore }) => isMore),
  };
}

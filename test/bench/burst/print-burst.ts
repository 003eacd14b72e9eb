import { availableParallelism, loadavg } from 'node:os';
import { textTable } from '../../../functions/cli/print/text-table';
import { brokenBars } from './broken-bars';
import type { BurstResult } from './burst';
import { quotaUses } from './quota-use';

/** What came of a burst, the quotas that it met, and the rate that they leave. */
export function printBurst(result: BurstResult): void {
  const broken = brokenBars(result);
  if (broken.length > 0) process.exitCode = 1;
  const { source, changed, buckets, processes, outcomes, seconds, calls } = result;
  console.log(`${buckets} buckets, reported by ${source}, changed ${changed}, ${processes} processes:`);
  const uses = quotaUses(calls);
  const rows = uses.map(({ call, answered, refused, atLeast }) => [
    call,
    String(answered),
    (answered / buckets).toFixed(2),
    String(refused),
    `${atLeast.toFixed(0)} s`,
  ]);
  console.log(textTable(['call', 'answered', 'per finding', 'refused', 'time by its quota'], rows));
  const fixed = outcomes.get('fixed') ?? 0;
  const conflicts = calls.filter(({ refused }) => refused === 'conflict').length;
  const least = uses[0];
  console.log(
    [
      [...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(', '),
      `${calls.length} calls, ${(calls.length / buckets).toFixed(1)} per finding; ${conflicts} refused for a transaction under way`,
      `${seconds.toFixed(1)} s, ${(fixed / seconds).toFixed(2)} fixes per second, with ${loadavg()[0]?.toFixed(1)} processes ready to run on ${availableParallelism()} cores`,
      ...(least ? [`by the quotas alone: ${least.atLeast.toFixed(0)} s at least (${least.call})`] : []),
      ...broken,
      '',
    ].join('\n'),
  );
}

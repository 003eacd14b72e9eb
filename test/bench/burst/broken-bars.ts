import type { BurstResult } from './burst';
import { quotaUses } from './quota-use';

/** One for each finding, and a few for the pages of a burst. */
const mostLookups = 1.2;
/** Those of whom a burst may leave some for later. */
const fine = ['fixed', 'deferred'];

/** What a burst did that it should not, as sentences. */
export function brokenBars({ buckets, outcomes, calls }: Pick<BurstResult, 'buckets' | 'outcomes' | 'calls'>): readonly string[] {
  const lookups = (quotaUses(calls).find(({ call }) => call === 'cloudtrail:LookupEvents')?.answered ?? 0) / buckets;
  return [
    ...[...outcomes].flatMap(([outcome, count]) => (fine.includes(outcome) ? [] : [`${count} findings ended as ${outcome}.`])),
    ...(lookups > mostLookups ? [`${lookups.toFixed(2)} lookups in CloudTrail per finding (limit ${mostLookups}).`] : []),
  ];
}

import { unitsOf, withTime } from '../price/invocation';
import { dollarsOf } from '../price/prices';
import { isViolation } from './account/piece';
import type { Delivery } from './pass';

/** What the fixing came to. */
export interface Summary {
  readonly found: number;
  readonly fixed: number;
  /** All but what can't be undone, which waits for an approval. */
  readonly partlyFixed: number;
  readonly leftAlone: number;
  readonly awsCalls: number;
  /** Milliseconds in the handler for a fix, and AWS calls: the middle, and 95 of 100. */
  readonly milliseconds: { readonly p50: number; readonly p95: number };
  readonly calls: { readonly p50: number; readonly p95: number };
  /** US dollars for a fix in the middle; see `test/price`. */
  readonly dollars: number;
}

const costOf = ({ calls, lines, milliseconds }: Delivery, memory: number): number =>
  dollarsOf(withTime({ units: unitsOf({ calls: calls.own, lines }), memory }, milliseconds));

export function summarize(deliveries: readonly Delivery[], memoryOf: (delivery: Delivery) => number): Summary {
  const fixes = deliveries.filter(({ outcome }) => isViolation({ ends: outcome }));
  const counts = deliveries.map(callCount);
  return {
    found: deliveries.filter(({ of }) => isViolation(of.piece)).length,
    fixed: count(deliveries, 'fixed'),
    partlyFixed: count(deliveries, 'partly-fixed'),
    leftAlone: deliveries.length - fixes.length,
    awsCalls: counts.reduce((sum, count) => sum + count, 0),
    milliseconds: spread(fixes.map(({ milliseconds }) => milliseconds)),
    calls: spread(fixes.map(callCount)),
    dollars: spread(fixes.map((delivery) => costOf(delivery, memoryOf(delivery)))).p50,
  };
}

const count = (deliveries: readonly Delivery[], wanted: string) => deliveries.filter(({ outcome }) => outcome === wanted).length;

export const callCount = ({ calls }: Delivery): number => calls.own.length + calls.rules.length;

const spread = (values: readonly number[]) => ({ p50: percentile(values, 50), p95: percentile(values, 95) });

/** By the nearest rank. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

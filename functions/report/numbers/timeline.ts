import { days } from '../../duration';
import { type Category, categories } from '../category';
import type { Facts } from '../facts';
import type { Counts } from './misconfigurations';
import { type Span, within } from './span';

export type Unit = 'day' | 'week' | 'month';

/** The remediations whose last outcome was written in this day, week (from Monday) or month, in UTC. */
export interface Bucket {
  /** The first day: `2026-03-02`. */
  readonly from: string;
  readonly counts: Counts;
}

export interface Timeline {
  readonly unit: Unit;
  /** In order, also those in which nothing happened. */
  readonly buckets: readonly Bucket[];
}

export function timelineOf(facts: readonly Facts[], span: Span): Timeline {
  const unit = unitOf(span);
  const buckets = new Map<string, Record<Category, number>>();
  for (let start = startOf(span.since, unit); start <= span.until; start = after(start, unit)) buckets.set(dayOf(start), zeros());
  for (const { at, category } of facts) {
    if (!within(at, span) || category === 'unchanged') continue;
    const bucket = buckets.get(dayOf(startOf(at, unit)));
    if (bucket) bucket[category] += 1;
  }
  return { unit, buckets: [...buckets].map(([from, counts]) => ({ from, counts })) };
}

/** So that the chart has between a dozen and forty columns. */
function unitOf({ since, until }: Span): Unit {
  const length = until - since;
  if (length <= days(45)) return 'day';
  return length <= days(280) ? 'week' : 'month';
}

function startOf(time: number, unit: Unit): number {
  const date = new Date(time);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (unit === 'day') return day;
  if (unit === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return day - days((date.getUTCDay() + 6) % 7);
}

function after(start: number, unit: Unit): number {
  if (unit !== 'month') return start + days(unit === 'day' ? 1 : 7);
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

const zeros = (): Record<Category, number> => Object.fromEntries(categories.map((category) => [category, 0])) as Record<Category, number>;

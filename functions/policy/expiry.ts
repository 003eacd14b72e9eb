import { days } from '../duration';

/** An expiry within that time is reported. */
const soon = days(14);

/** Whether the time is so soon that owners should be warned. */
export const endsSoon = (end: Date, now: Date): boolean => end.getTime() - now.getTime() < soon;

/** The end of a day in UTC; undefined for an invalid date. */
export function endOf(date: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return undefined;
  const start = new Date(`${date}T00:00:00Z`);
  // JavaScript reads February 30 as March 2.
  return Number.isNaN(start.getTime()) || !start.toISOString().startsWith(date) ? undefined : new Date(start.getTime() + days(1));
}

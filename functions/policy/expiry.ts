import { days } from '../duration';

/** What ends within that time is told. */
const soon = days(14);

/** Whether what holds until that time ends so soon that people should know. */
export const endsSoon = (end: Date, now: Date): boolean => end.getTime() - now.getTime() < soon;

/** The end of a day in UTC; undefined for what is no date. */
export function endOf(date: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return undefined;
  const start = new Date(`${date}T00:00:00Z`);
  // JavaScript takes the 30th of February for the 2nd of March.
  return Number.isNaN(start.getTime()) || !start.toISOString().startsWith(date) ? undefined : new Date(start.getTime() + days(1));
}

import { days, hours, minutes } from '../duration';
import { quote } from '../untrusted-text';
import { Unable } from './failure';

const units: Readonly<Record<string, (count: number) => number>> = { m: minutes, h: hours, d: days, w: (weeks) => days(7 * weeks) };

/**
 * The value of a time option in ISO 8601 UTC: a date (`2026-03-01`; for an `end`, its last millisecond), a time with an offset, or a duration
 * before now (`90m`, `24h`, `7d`, `4w`).
 */
export function instant(option: string, text: string, { end, now }: { readonly end: boolean; readonly now: Date }): string {
  const [, count, unit = ''] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - (units[unit]?.(Number(count)) ?? 0)).toISOString();
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = isDay || /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse reads February 30 as a day in March.
  const day = text.slice(0, 10);
  if (Number.isNaN(time) || new Date(Date.parse(day)).toISOString().slice(0, 10) !== day) {
    throw new Unable(
      `${option} ${quote(text)} is not a valid time. Specify a date (2026-03-01), a time (2026-03-01T09:30:00Z), or a duration before now (90m, 24h, 7d, 4w).`,
    );
  }
  return new Date(isDay && end ? time + days(1) - 1 : time).toISOString();
}

import { Cron } from 'croner';
import * as z from 'zod';
import { hours, minutes, seconds } from '../duration';

/** An IANA time zone. */
export const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'is not a time zone of the IANA database, such as `Europe/Berlin`, `America/New_York`, `UTC`' })
  .default('UTC')
  .describe('A time zone of the IANA database: `Europe/Berlin`.');

export const cron = z
  .string()
  .refine(isCron, { error: 'is not a valid cron expression of five fields: minute, hour, day, month, weekday' });

const noLocalTime = 'is not a valid local time such as 2026-12-20T00:00, without Z: set the time zone in `timeZone`';

/** A local time; the time zone is a separate key. */
export const localTime = z.iso
  .datetime({ local: true, offset: false, abort: true, error: noLocalTime })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, noLocalTime)
  .describe('Local time: 2026-12-20T00:00.');

export interface Window {
  readonly opens: string;
  readonly hours: number;
  readonly timeZone: string;
}

export interface Freeze {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** The closing time of the window; undefined while it is closed. */
export function openUntil({ opens, hours: open, timeZone: timezone }: Window, now: Date): Date | undefined {
  // previousRuns excludes the given time.
  const [start] = schedule(opens, timezone).previousRuns(1, new Date(now.getTime() + seconds(1)));
  const end = start && new Date(start.getTime() + hours(open));
  return end && end > now ? end : undefined;
}

/** The next opening time of the window; undefined if it never opens again. */
export const opensNext = ({ opens, timeZone: timezone }: Window, now: Date): Date | undefined =>
  schedule(opens, timezone).nextRun(now) ?? undefined;

/** The end of the freeze; undefined if it does not apply now. */
export function frozenUntil(freeze: Freeze, now: Date): Date | undefined {
  const { begins, ends } = spanOf(freeze);
  return begins <= now && now < ends ? ends : undefined;
}

/** The span of a freeze. If the clocks skip or repeat one of its times, the longer span applies. */
export const spanOf = ({ from, to, timeZone: zone }: Freeze): { readonly begins: Date; readonly ends: Date } => ({
  begins: instantsOf(from, zone)[0],
  ends: instantsOf(to, zone)[1],
});

/** The first and the last instant that a local time can mean; they differ only when the clocks change. */
function instantsOf(local: string, timezone: string): readonly [Date, Date] {
  const written = local.length === 16 ? `${local}:00` : local;
  // Croner reads a skipped time as that much later, and a repeated one as the first.
  const instant = new Cron(written, { timezone, paused: true, allowPast: true }).getOnce();
  if (!instant) throw new Error(`${local} is not a valid time in ${timezone}.`);
  const skipped = wallClock(instant, timezone) - Date.parse(`${written}Z`);
  if (skipped > 0) return [new Date(instant.getTime() - skipped), instant];
  const again = [minutes(30), minutes(60)].map((shift) => new Date(instant.getTime() + shift));
  return [instant, again.find((other) => wallClock(other, timezone) === wallClock(instant, timezone)) ?? instant];
}

/** The local time, read as if it were UTC, in milliseconds. */
const wallClock = (instant: Date, timeZone: string): number =>
  Date.parse(`${new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(instant).replace(' ', 'T')}Z`);

const schedule = (pattern: string, timezone: string): Cron => new Cron(pattern, { timezone, paused: true, mode: '5-part' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isCron(text: string): boolean {
  try {
    return text.trim().split(/\s+/).length === 5 && schedule(text, 'UTC').nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

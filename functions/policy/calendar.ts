import { Cron } from 'croner';
import * as z from 'zod';
import { hours, minutes, seconds } from '../duration';

/** An IANA time zone. */
export const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'is no time zone of the IANA database: `Europe/Berlin`, `America/New_York`, `UTC`' })
  .default('UTC')
  .describe('Of the IANA database: `Europe/Berlin`.');

export const cron = z.string().refine(isCron, { error: 'is no cron expression of five fields: minute, hour, day, month, weekday' });

const noLocalTime = 'is no local time such as 2026-12-20T00:00, without Z: the time zone stands beside it';

/** A time of day without a zone: the zone stands beside it. */
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

/** Until when the window is open; undefined while it is closed. */
export function openUntil({ opens, hours: open, timeZone: timezone }: Window, now: Date): Date | undefined {
  // Those before a time, itself left out.
  const [start] = schedule(opens, timezone).previousRuns(1, new Date(now.getTime() + seconds(1)));
  const end = start && new Date(start.getTime() + hours(open));
  return end && end > now ? end : undefined;
}

/** When the window opens the next time; undefined if never. */
export const opensNext = ({ opens, timeZone: timezone }: Window, now: Date): Date | undefined =>
  schedule(opens, timezone).nextRun(now) ?? undefined;

/** When the freeze that holds now ends; undefined where it does not hold. */
export function frozenUntil(freeze: Freeze, now: Date): Date | undefined {
  const { begins, ends } = spanOf(freeze);
  return begins <= now && now < ends ? ends : undefined;
}

/** From when to when a freeze holds. Where the clocks skip or repeat a time that it names, it holds for longer. */
export const spanOf = ({ from, to, timeZone: zone }: Freeze): { readonly begins: Date; readonly ends: Date } => ({
  begins: instantsOf(from, zone)[0],
  ends: instantsOf(to, zone)[1],
});

/** The first and the last instant that a local time can mean: it is one but when the clocks change. */
function instantsOf(local: string, timezone: string): readonly [Date, Date] {
  const written = local.length === 16 ? `${local}:00` : local;
  // A time that is skipped is read as that much later, one that comes twice as the first.
  const instant = new Cron(written, { timezone, paused: true, allowPast: true }).getOnce();
  if (!instant) throw new Error(`${local} is no time in ${timezone}.`);
  const skipped = wallClock(instant, timezone) - Date.parse(`${written}Z`);
  if (skipped > 0) return [new Date(instant.getTime() - skipped), instant];
  const again = [minutes(30), minutes(60)].map((shift) => new Date(instant.getTime() + shift));
  return [instant, again.find((other) => wallClock(other, timezone) === wallClock(instant, timezone)) ?? instant];
}

/** What the clock on the wall shows, as if it were UTC, in milliseconds. */
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

/** The variable by which the option `--time-zone` reaches what prints times. */
export const timeZoneVariable = 'POSTURE_TIME_ZONE';

/** Whether it is `local`, `UTC`, or a zone of the IANA database. */
export function isTimeZone(zone: string): boolean {
  try {
    return formatIn(zone) !== undefined;
  } catch {
    return false;
  }
}

/** `2026-03-01 09:30:00Z`; in another time zone, `2026-03-01 10:30:00+01:00`. A text that is no time stays as it is. */
export function timeText(time: string): string {
  const zone = process.env[timeZoneVariable] ?? 'UTC';
  const instant = new Date(time);
  const isTime = /^\d{4}-\d\d-\d\dT/.test(time) && !Number.isNaN(instant.getTime());
  if (!isTime) return time;
  if (zone === 'UTC') return time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const parts = Object.fromEntries(
    formatIn(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second, timeZoneName = '' } = parts;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${timeZoneName.replace('GMT', '') || 'Z'}`;
}

const formatIn = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    ...(zone !== 'local' && { timeZone: zone }),
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  });

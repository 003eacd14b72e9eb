import { days, hours, minutes, seconds } from '../../duration';

/** 12,345 */
export const count = (number: number): string => number.toLocaleString('en-US');

/** A number with its noun: `1 fix`, `2 fixes`. */
export const counted = (number: number, one: string, many: string): string => `${count(number)} ${number === 1 ? one : many}`;

/** 37 %; never 100 % or 0 % of what is not all or nothing. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  if (share > 99 && part < whole) return '> 99 %';
  if (share < 1 && part > 0) return '< 1 %';
  return `${Math.round(share)} %`;
}

const units = [
  { length: days(1), name: 'd', below: { length: hours(1), name: 'h' } },
  { length: hours(1), name: 'h', below: { length: minutes(1), name: 'min' } },
  { length: minutes(1), name: 'min', below: { length: seconds(1), name: 's' } },
] as const;

/** `3.2 s`, `4 min 10 s`, `5 h`, `12 d 3 h`; a dash if nobody knows. */
export function duration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '–';
  for (const { length, name, below } of units) {
    if (milliseconds < length) continue;
    const whole = Math.floor(milliseconds / length);
    const rest = Math.floor((milliseconds - whole * length) / below.length);
    return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${below.name}`;
  }
  return milliseconds < 10_000 ? `${Math.round(milliseconds / 100) / 10} s` : `${Math.round(milliseconds / 1000)} s`;
}

/** 2026-03-01 12:30, in UTC. */
export const minute = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

/** 2026-03-01, in UTC. */
export const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The session name of a role or the name of a user, for a label: the ARN stands in the table. */
export const personName = (arn: string): string => arn.replace(/^.*\//, '') || arn;

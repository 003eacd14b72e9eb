import { forgetAt } from '../coordination/keys';

/** A minute in UTC: `2026-11-24T13:05`. */
export const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);

/** When DynamoDB may delete an item, in seconds since 1970. */
export const forgetAfter = (time: Date, days: number): string => String(forgetAt(time, days));

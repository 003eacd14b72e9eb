import { days } from '../duration';

/** Keys of the coordination table; all begin with `told`, to which alone the function may write. */
export const toldKeys = {
  once: (occasion: string, topic: string) => `told once ${occasion} ${topic}`,
  minute: (topic: string, minute: string) => `told ${topic} ${minute}`,
} as const;

/** A minute in UTC: `2026-11-24T13:05`. */
export const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);

/** When DynamoDB may forget an item, in seconds since 1970. */
export const forgetAfter = (time: Date, count: number): string => String(Math.floor((time.getTime() + days(count)) / 1000));

import { type Access, accessOf } from '../aws/leading-keys';
import { forgetAt } from '../coordination/keys';

/** Keys of the items that the function keeps in the coordination table. */
export const notifiedKeys = {
  once: (occasion: string, topic: string) => `told once ${occasion} ${topic}`,
  minute: (topic: string, minute: string) => `told ${topic} ${minute}`,
} as const;

/** What the function may do to which items; nobody else may touch them. */
export const accessOfNotify: Access = accessOf([{ patterns: ['told *'], actions: ['UpdateItem'] }]);

/** A minute in UTC: `2026-11-24T13:05`. */
export const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);

/** When DynamoDB may forget an item, in seconds since 1970. */
export const forgetAfter = (time: Date, days: number): string => String(forgetAt(time, days));

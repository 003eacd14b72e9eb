import { type Access, accessOf } from '../aws/leading-keys';
import { forgetAt } from '../coordination/keys';

/** Keys of the function's items in the coordination table. */
export const notifiedKeys = {
  once: (occasion: string, topic: string) => `notified once ${occasion} ${topic}`,
  minute: (topic: string, minute: string) => `notified ${topic} ${minute}`,
} as const;

/** The function's permissions by item; no other function has access to these items. */
export const accessOfNotify: Access = accessOf([{ patterns: ['notified *'], actions: ['UpdateItem'] }]);

/** A minute in UTC: `2026-11-24T13:05`. */
export const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);

/** When DynamoDB may delete an item, in seconds since 1970. */
export const forgetAfter = (time: Date, days: number): string => String(forgetAt(time, days));

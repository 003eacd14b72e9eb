import { type Access, accessOf } from '../aws/leading-keys';

/** The keys of the tickets table, which only the function of tickets writes. */
export const ticketKeys = {
  /** The ticket of a misconfiguration, or one that several share. */
  ticket: (mark: string): string => `ticket ${mark}`,
  /** How many tickets were opened in an hour in UTC: `2026-11-24T13`. */
  opened: (hour: string): string => `opened ${hour}`,
  /** When the first ticket was opened, and how many in the 24 hours after it. */
  first: 'first-day',
} as const;

/** The permissions of the function by item. */
export const accessOfTickets: Access = accessOf([
  { patterns: ['ticket posture-*', 'opened *', ticketKeys.first], actions: ['UpdateItem'] },
]);

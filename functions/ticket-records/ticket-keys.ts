import { type Access, accessOf } from '../aws/leading-keys';

/** The keys of the tickets table, which only the function of tickets writes. */
export const ticketKeys = {
  /** The ticket of a misconfiguration, or one that several share. */
  ticket: (mark: string): string => `ticket ${mark}`,
  /** How many tickets were opened in an hour in UTC: `2026-11-24T13`. */
  opened: (hour: string): string => `opened ${hour}`,
  /** When the first ticket was opened, and how many in the 24 hours after it. */
  first: 'first-day',
  /** An answer of a person, by what it was: who handles it, and what became of it. */
  answer: (id: string): string => `answer ${id}`,
  /** A signed request of a vendor that the endpoint of answers has received. */
  delivery: (hash: string): string => `delivery ${hash}`,
} as const;

/** The permissions of the function of tickets by item. */
export const accessOfTickets: Access = accessOf([
  { patterns: ['ticket posture-*', 'opened *', ticketKeys.first], actions: ['UpdateItem'] },
]);

/** Those of the function of answers, which changes no record of a ticket. */
export const accessOfAnswers: Access = accessOf([
  { patterns: ['answer *'], actions: ['UpdateItem'] },
  { patterns: ['ticket posture-*'], actions: ['GetItem'] },
]);

/** Those of a rule's function, which shows the ticket in the finding. */
export const accessOfShownTicket: Access = accessOf([{ patterns: ['ticket posture-*'], actions: ['GetItem'] }]);

/** Those of the endpoint of answers, which reads nothing. */
export const accessOfEndpoint: Access = accessOf([{ patterns: ['delivery *'], actions: ['PutItem'] }]);

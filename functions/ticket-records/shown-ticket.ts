import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { TrackerSettings } from '../policy/tickets';
import { type Misconfigured, markOf, sharedMark } from './mark';
import { ticketKeys } from './ticket-keys';

/**
 * By which each vendor's readers name a ticket. The function that writes the records talks to hosts outside of AWS: what it recorded is shown to
 * others only in this form, which is no link, no markup and no sentence.
 */
const forms: Readonly<Record<TrackerSettings['vendor'], RegExp>> = {
  'jira-cloud': /^[A-Z][A-Z0-9_]{1,99}-[1-9]\d{0,11}$/,
  'jira-data-center': /^[A-Z][A-Z0-9_]{1,99}-[1-9]\d{0,11}$/,
  github: /^#[1-9]\d{0,11}$/,
  servicenow: /^[A-Z]{2,8}\d{4,15}$/,
};

/** The key of the ticket of a misconfiguration, its own or the one that it shares; undefined if none is recorded, or none of the vendor's form. */
export type ShownTicket = (of: Misconfigured, vendor: TrackerSettings['vendor']) => Promise<string | undefined>;

/** One read of the tickets table; two for a ticket that several misconfigurations share. */
export const shownTicket =
  (client: DynamoDBClient, TableName: string): ShownTicket =>
  async (of, vendor) => {
    const own = await read(markOf(of));
    const { ticket } = own.ticket === undefined && own.sharedBy !== undefined ? await read(sharedMark(own.sharedBy)) : own;
    return ticket !== undefined && forms[vendor].test(ticket) ? ticket : undefined;

    async function read(mark: string): Promise<{ readonly ticket?: string; readonly sharedBy?: string }> {
      const { Item: { ticket, sharedBy } = {} } = await client.send(
        new GetItemCommand({ TableName, Key: { key: { S: ticketKeys.ticket(mark) } }, ProjectionExpression: 'ticket, sharedBy' }),
      );
      return { ...(ticket?.S !== undefined && { ticket: ticket.S }), ...(sharedBy?.S !== undefined && { sharedBy: sharedBy.S }) };
    }
  };

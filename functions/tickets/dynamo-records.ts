import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ulid } from 'ulid';
import type { Clock } from '../clock';
import { forgetAt } from '../coordination/keys';
import { days, seconds } from '../duration';
import { ticketKeys } from '../ticket-records/ticket-keys';
import { type Admission, type Held, LeaseLost, type RecordChange, type TicketRecord, type TicketRecords } from './record';

/** Longer than the timeout of the function. */
export const leaseFor = seconds(150);

/** Days after which a record without a ticket is deleted; one with a ticket is kept, so that its misconfiguration never gets a second one. */
const keptWithoutTicket = 30;

export function dynamoRecords(client: DynamoDBClient, table: string, clock: Clock): TicketRecords {
  const context = { client, table, clock };
  return { acquire: (mark) => acquire(context, mark, ticketKeys.ticket(mark)), admit: (admission) => admit(context, admission) };
}

/** Of answers: each is handled by one worker at a time, and its record is kept for 30 days. */
export function dynamoAnswers(client: DynamoDBClient, table: string, clock: Clock): Pick<TicketRecords, 'acquire'> {
  return { acquire: (id) => acquire({ client, table, clock }, id, ticketKeys.answer(id)) };
}

/** The record of a ticket as it is now; undefined if there is none. */
export async function readRecord(client: DynamoDBClient, TableName: string, mark: string): Promise<TicketRecord | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { key: { S: ticketKeys.ticket(mark) } }, ConsistentRead: true }));
  return Item && recordIn(Item);
}

interface Context {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
}

async function acquire({ client, table, clock }: Context, mark: string, key: string): Promise<Held | 'busy'> {
  const Key = { key: { S: key } };
  const now = clock.now();
  const holder = ulid(now.getTime());
  const own = { ':holder': { S: holder } };
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key,
        // If a response is lost, the SDK sends this again: then the holder is us.
        ConditionExpression: 'attribute_not_exists(holder) OR expires < :now OR holder = :holder',
        UpdateExpression: 'SET holder = :holder, expires = :expires',
        ExpressionAttributeValues: {
          ...own,
          ':now': { N: String(now.getTime()) },
          ':expires': { N: String(now.getTime() + leaseFor) },
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    let record = recordIn(Attributes);
    return {
      mark,
      get record() {
        return record;
      },
      async save(change) {
        record = { ...record, ...(change as TicketRecord) };
        await update(expressionsOf(change, record, forgetAt(clock.now(), keptWithoutTicket)));
      },
      release: () => update({ set: [], remove: ['holder', 'expires'], values: {} }, () => undefined),
    };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'busy';
    throw error;
  }

  async function update({ set, remove, values }: Expressions, onLost: () => void = lost): Promise<void> {
    const names = Object.fromEntries([...set, ...remove].map((name) => [`#${name}`, name]));
    const parts = [
      set.length > 0 ? `SET ${set.map((name) => `#${name} = :${name}`).join(', ')}` : '',
      remove.length > 0 ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '',
    ];
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key,
          ConditionExpression: 'holder = :holder',
          UpdateExpression: parts.filter(Boolean).join(' '),
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ...own, ...marshall(values, { removeUndefinedValues: true }) },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      onLost();
    }
  }

  function lost(): never {
    throw new LeaseLost(`Another worker handles ${mark} now.`);
  }
}

interface Expressions {
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** A record with a ticket has no `forget`, the time after which DynamoDB deletes it. */
function expressionsOf(change: RecordChange, { id, creating, sharedBy }: TicketRecord, forget: number): Expressions {
  const isKept = [id, creating, sharedBy].some((one) => one !== undefined);
  const given = Object.entries({ ...change, forget: isKept ? undefined : forget });
  const set = given.filter(([, value]) => value !== undefined);
  return {
    set: set.map(([name]) => name),
    remove: given.filter(([, value]) => value === undefined).map(([name]) => name),
    values: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
  };
}

function recordIn(item: NonNullable<Parameters<typeof unmarshall>[0]>): TicketRecord {
  const { key: _, holder: __, expires: ___, forget: ____, ...record } = unmarshall(item);
  return record as TicketRecord;
}

async function admit({ client, table, clock }: Context, { perHour, firstDay }: Admission): Promise<'own' | { readonly shared: string }> {
  const now = clock.now();
  const { began = now.getTime() } = await count(ticketKeys.first, 'SET began = if_not_exists(began, :now)', { ':now': now.getTime() });
  if (now.getTime() - began < days(1)) {
    const { opened } = await count(ticketKeys.first, 'ADD opened :one', { ':one': 1 });
    if (opened > firstDay) return { shared: 'backlog' };
  }
  const hour = now.toISOString().slice(0, 13);
  const forget = forgetAt(now, 2);
  const { opened } = await count(ticketKeys.opened(hour), 'ADD opened :one SET forget = :forget', { ':one': 1, ':forget': forget });
  return opened > perHour ? { shared: hour } : 'own';

  async function count(key: string, UpdateExpression: string, values: Readonly<Record<string, number>>) {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { key: { S: key } },
        UpdateExpression,
        ExpressionAttributeValues: marshall(values),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return unmarshall(Attributes) as { readonly began?: number; readonly opened: number };
  }
}

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { retryContention } from '../aws/contention';
import { valuesOf } from '../aws/values-of';
import type { Clock } from '../clock';
import { keys } from '../coordination/keys';
import type { Batch } from './format';

/**
 * The numbers of the batches, which all writers share. One batch at a time is open: its number and day are fixed, so all write to the same key,
 * and S3 lets one of them. Only when its object exists, the next one is opened. So a crash at any point leaves no gap.
 */
export interface Slots {
  /** The batch to write: nobody knows yet whether its object exists. */
  open(): Promise<Batch>;
  /** Its object exists, whoever wrote it. */
  close(batch: Batch): Promise<void>;
}

const stored = z.object({
  number: z.int().min(0).max(999_999_999_998),
  day: z.iso.date(),
  written: z.boolean(),
});
type Stored = z.infer<typeof stored>;

/** In the item `archive` of the coordination table. Where there is none, as after a new deployment, it follows from the last batch in the bucket. */
export function dynamoSlots(client: DynamoDBClient, table: string, clock: Clock, lastBatch: () => Promise<Batch | undefined>): Slots {
  const Key = { key: { S: keys.archive } };
  const today = () => clock.now().toISOString().slice(0, 10);
  return {
    async open() {
      for (;;) {
        const known = await read();
        if (known && !known.written) return { number: known.number, day: known.day };
        if (known) await followedBy(known);
        else await begin();
      }
    },

    async close({ number }) {
      await unlessTaken(() =>
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key,
            UpdateExpression: 'SET written = :yes',
            ConditionExpression: '#number = :number',
            ExpressionAttributeNames: { '#number': 'number' },
            ExpressionAttributeValues: marshall({ ':yes': true, ':number': number }),
          }),
        ),
      );
    },
  };

  async function read(): Promise<Stored | undefined> {
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    if (!Item) return undefined;
    const parsed = stored.safeParse(valuesOf(Item));
    if (parsed.success) return parsed.data;
    throw new Error(
      `The item ${keys.archive} of the table ${table} has no number, day and state of a batch. Delete it: it follows from the last batch in the bucket.`,
    );
  }

  /** Days never go back as the numbers grow, also if the clock of this function is slow. */
  async function followedBy({ number, day }: Stored): Promise<void> {
    const next: Stored = { number: number + 1, day: day > today() ? day : today(), written: false };
    await put(next, {
      ConditionExpression: '#number = :before AND written = :yes',
      ExpressionAttributeNames: { '#number': 'number' },
      ExpressionAttributeValues: marshall({ ':before': number, ':yes': true }),
    });
  }

  async function begin(): Promise<void> {
    const last = (await lastBatch()) ?? { number: 0, day: today() };
    await put(
      { ...last, written: true },
      { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': 'key' } },
    );
  }

  async function put(state: Stored, condition: object): Promise<void> {
    await unlessTaken(() => client.send(new PutItemCommand({ TableName: table, Item: { ...Key, ...marshall(state) }, ...condition })));
  }

  /** If another writer was faster, the item says so. */
  async function unlessTaken(write: () => Promise<unknown>): Promise<void> {
    try {
      await retryContention(write, clock);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

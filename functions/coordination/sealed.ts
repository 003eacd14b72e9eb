import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Clock } from '../clock';
import { getItems } from './get-items';
import { keys } from './keys';

const stored = z.object({
  /** When the archive was last looked at to be sealed. ISO 8601. */
  at: z.iso.datetime(),
  /** Of the newest seal; absent before the first. */
  number: z.int().min(1).optional(),
  sealedAt: z.iso.datetime().optional(),
  hash: z.string().max(128).optional(),
  /** Why a batch is not sealed. */
  gap: z.string().max(1000).optional(),
});

/** The newest seal of the archive, by the word of the function that seals. The proof is the seal itself: `posture log verify`. */
export type Sealed = Readonly<z.infer<typeof stored>>;

/** Only the function that seals may write it. */
export async function putSealed(client: DynamoDBClient, table: string, sealed: Sealed): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: { key: { S: keys.seal }, ...marshall(sealed) } }));
}

/** Undefined if there was none, or what is stored is no such thing. */
export async function getSealed(client: DynamoDBClient, table: string, clock: Clock): Promise<Sealed | undefined> {
  const { [table]: items } = await getItems(client, { [table]: [keys.seal] }, clock);
  return stored.safeParse(items?.get(keys.seal)).data;
}

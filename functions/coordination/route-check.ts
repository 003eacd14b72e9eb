import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Clock } from '../clock';
import { getItems } from './get-items';
import { forgetAt, keys } from './keys';

const stored = z.object({
  /** ISO 8601. */
  at: z.iso.datetime(),
  checked: z.int().min(0),
  /** How many of them are not as deployed. */
  altered: z.int().min(0),
  /** Of these, the first ones, by name. */
  problems: z.array(z.object({ route: z.string().max(200), problem: z.string().max(300) })).max(50),
});

/** What the last check of the routes found. */
export type RouteCheck = z.infer<typeof stored>;

export const maxProblems = 50;

/** Only the control function may write it. */
export async function putRouteCheck(client: DynamoDBClient, table: string, check: RouteCheck, clock: Clock): Promise<void> {
  const forget = { N: String(forgetAt(clock.now(), 60)) };
  await client.send(new PutItemCommand({ TableName: table, Item: { key: { S: keys.routes }, ...marshall(check), forget } }));
}

/** Undefined if there was none, or what is stored is no such thing. */
export async function getRouteCheck(client: DynamoDBClient, table: string, clock: Clock): Promise<RouteCheck | undefined> {
  const { [table]: items } = await getItems(client, { [table]: [keys.routes] }, clock);
  return stored.safeParse(items?.get(keys.routes)).data;
}

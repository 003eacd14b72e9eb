import { type DynamoDBClient, TransactionCanceledException, TransactWriteItemsCommand, type Update } from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import { getItems, maxKeys } from './get-items';
import { daysOfCount, forgetAt, keys, periodsOf } from './keys';

/** The counted changes by key of the counter, of those that exist. */
export async function readCounts(
  client: DynamoDBClient,
  table: string,
  names: readonly string[],
  clock: Clock,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let from = 0; from < names.length; from += maxKeys) {
    const some = names.slice(from, from + maxKeys);
    const items = (await getItems(client, { [table]: some }, clock))[table];
    for (const [name, { used = 0 }] of items ?? []) counts.set(name, Number(used));
  }
  return counts;
}

/** Raises a shared counter of an hour and of its day by as much as it lacks, once. False if the counter of the hour has changed since it was read. */
export async function raiseCount(
  client: DynamoDBClient,
  table: string,
  { of, time, seen, by }: { readonly of: string; readonly time: Date; readonly seen: number; readonly by: number },
  clock: Clock,
): Promise<boolean> {
  const { hour, day } = periodsOf(time);
  const add = (period: string): Update => ({
    TableName: table,
    Key: { key: { S: keys.count(of, period) } },
    UpdateExpression: 'SET forget = :forget ADD used :by',
    ExpressionAttributeValues: { ':by': { N: String(by) }, ':forget': { N: String(forgetAt(clock.now(), daysOfCount)) } },
  });
  const ofHour = add(hour);
  const unchanged: Update = {
    ...ofHour,
    ConditionExpression: seen === 0 ? 'attribute_not_exists(used) OR used = :seen' : 'used = :seen',
    ExpressionAttributeValues: { ...ofHour.ExpressionAttributeValues, ':seen': { N: String(seen) } },
  };
  const command = new TransactWriteItemsCommand({ TransactItems: [{ Update: unchanged }, { Update: add(day) }] });
  try {
    await retryContention(() => client.send(command), clock);
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException && error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed') return false;
    throw error;
  }
}

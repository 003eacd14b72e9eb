import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { orderKeys } from '../../coordination/keys';
import { hours } from '../../duration';

/** The session with AppConfig, in which it says whether its answer has changed. */
const sessionShape = z.object({
  configuration: z.string(),
  /** Of the next poll. */
  token: z.string().min(1),
  /** SHA-256 of the content that AppConfig last gave in it; '' if none is deployed. */
  hash: z.string(),
  /** Why that content is not copied; then there is no copy with its hash. */
  refused: z.string().optional(),
  /** ISO 8601: when it was started. */
  since: z.iso.datetime(),
  /** The hash of the last content whose publication is in the log. */
  logged: z.string().optional(),
  /** Publications in the log of which CloudTrail has not told yet who made them. */
  unidentified: z.array(z.object({ remediation: z.string(), version: z.string(), at: z.iso.datetime() })).optional(),
});

export type Session = z.infer<typeof sessionShape>;

/**
 * A new session receives the content again, for $0.0008. So what somebody has written into the orders table, the session included, stands for
 * six hours at most.
 */
const maxAge = hours(6);

/** The session that an item holds, if it can be continued. */
export function sessionOf(item: unknown, configuration: string, now: Date): Session | undefined {
  const { data } = sessionShape.safeParse(item);
  if (data?.configuration !== configuration) return undefined;
  const age = now.getTime() - Date.parse(data.since);
  return age >= 0 && age < maxAge ? data : undefined;
}

export async function putSession(client: DynamoDBClient, orders: string, session: Session): Promise<void> {
  const Item = marshall({ key: orderKeys.policySession, ...session }, { removeUndefinedValues: true });
  await client.send(new PutItemCommand({ TableName: orders, Item }));
}

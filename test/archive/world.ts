import { type AttributeValue, CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { ulid } from 'ulid';
import { archiveHandler } from '../../functions/archive/handler';
import { chain } from '../../functions/log/chain';
import type { EventInput, LogEvent } from '../../functions/log/event';
import { logIndexes } from '../../functions/log/indexes';
import { itemOf } from '../../functions/log/item';
import type { Account } from '../emulator/account';
import type { useEmulator } from '../emulator/use';

export const ruleId = 's3-bucket-tls-required';

/** A clock that tests set. */
export function clockAt(start: string) {
  let now = new Date(start);
  return {
    now: () => new Date(now),
    sleep: async () => {},
    set: (time: string) => {
      now = new Date(time);
    },
  };
}

/** The events of one remediation, chained, each at its time. */
export function trailOf(
  times: readonly string[],
  change: Partial<EventInput> = {},
  rule = ruleId,
): { trail: string; events: readonly LogEvent[] } {
  const remediation = ulid();
  const subject = {
    ...{ remediation, rule, version: '1', finding: 'f', source: 'config', detectedBy: 'S3.5', partition: 'aws' },
    ...{ account: '111122223333', region: 'eu-west-1', resource: 'arn:aws:s3:::b', resourceType: 'AWS::S3::Bucket' },
  };
  const events: LogEvent[] = [];
  for (const time of times) {
    const input = {
      kind: 'observed',
      outcome: 'observed',
      reason: 'Because.',
      actor: `arn:aws:iam::1:role/posture-function-${rule}`,
      ...change,
    } as const;
    events.push(chain(subject, events.at(-1), input as EventInput, new Date(time)));
  }
  return { trail: `${rule}/${remediation}`, events };
}

export const itemsOf = ({ trail, events }: ReturnType<typeof trailOf>): readonly Record<string, AttributeValue>[] =>
  events.map((event) => itemOf(event, trail));

/** The tables and the bucket in an account of their own, and the handler in front of them. */
export async function openArchive(
  emulator: ReturnType<typeof useEmulator>,
  clock: ReturnType<typeof clockAt>,
  rules: readonly string[] = [ruleId],
) {
  const account = await emulator.account();
  const [dynamo, s3] = [account.client(DynamoDBClient), account.client(S3Client)];
  const names = { log: 'posture-log', coordination: 'posture-coordination', bucket: `archive-${account.account}` };
  await createTables(dynamo, names);
  await s3.send(new CreateBucketCommand({ Bucket: names.bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  const start = () => {
    useEnvironment(account, names);
    const handler = archiveHandler(rules, clock);
    return (event: unknown, secondsLeft = 900) => handler(event, { getRemainingTimeInMillis: () => secondsLeft * 1000 } as Context);
  };
  const keys = async () => (await s3.send(new ListObjectsV2Command({ Bucket: names.bucket }))).Contents?.map(({ Key = '' }) => Key) ?? [];
  const read = async (Key: string) =>
    (await (await s3.send(new GetObjectCommand({ Bucket: names.bucket, Key }))).Body?.transformToString()) ?? '';
  return {
    ...{ account, dynamo, s3, names, start, keys, read },
    /** All lines of all batches, in order. */
    lines: async () => {
      const lines: string[] = [];
      for (const key of await keys()) lines.push(...(await read(key)).trimEnd().split('\n'));
      return lines.map((line) => JSON.parse(line) as { trail: string; sequence: number; refilled?: true; event?: LogEvent; item?: object });
    },
    put: async (...items: readonly Record<string, AttributeValue>[]) => {
      for (const Item of items) await dynamo.send(new PutItemCommand({ TableName: names.log, Item }));
    },
  };
}

async function createTables(client: DynamoDBClient, { log, coordination }: { readonly log: string; readonly coordination: string }) {
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType });
  await client.send(
    new CreateTableCommand({
      TableName: log,
      AttributeDefinitions: [attribute('trail', 'S'), attribute('sequence', 'N'), attribute('rule', 'S'), attribute('time', 'S')],
      KeySchema: [
        { AttributeName: 'trail', KeyType: 'HASH' },
        { AttributeName: 'sequence', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: logIndexes.rule,
          KeySchema: [
            { AttributeName: 'rule', KeyType: 'HASH' },
            { AttributeName: 'time', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: coordination,
      AttributeDefinitions: [attribute('key', 'S')],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
}

function useEnvironment(
  { credentials, region }: Account,
  { log, coordination, bucket }: Readonly<Record<'log' | 'coordination' | 'bucket', string>>,
) {
  Object.assign(process.env, {
    ...{ LOG_TABLE: log, COORDINATION_TABLE: coordination, ARCHIVE_BUCKET: bucket, AWS_REGION: region },
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  });
}

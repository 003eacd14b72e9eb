import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { batchKey } from '../../functions/archive/format';
import { systemClock } from '../../functions/clock';
import { getSealed } from '../../functions/coordination/sealed';
import type { SealEnvironment } from '../../functions/seal/environment';
import type { SealRun } from '../../functions/seal/seal-archive';
import { createTables, environmentOf } from '../cli/central';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { events, hourlyClock, lineOf, table } from './honest-archive';

const emulator = useEmulator();
let Bucket: string;
const context = { awsRequestId: 'r', functionName: 'posture-seal', getRemainingTimeInMillis: () => 900_000 } as unknown as Context;

let account: Account;
let received: () => Promise<readonly { readonly Subject: string; readonly Message: string }[]>;
let before: NodeJS.ProcessEnv;
let written: jest.SpyInstance;

beforeEach(async () => {
  account = await emulator.account();
  Bucket = `archive-${account.account}`;
  await account.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  await createTables(account);
  const key = new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const { KeyMetadata: { Arn: keyArn = '' } = {} } = await account.client(KMSClient).send(key);
  const sns = account.client(SNSClient);
  const sqs = account.client(SQSClient);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'posture-seals' }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'auditors' }));
  const { Attributes: { QueueArn } = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QueueArn }));
  received = async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = '' }) => JSON.parse(Body));
  };
  before = { ...process.env };
  const settings: SealEnvironment = {
    ARCHIVE_BUCKET: Bucket,
    LOG_TABLE: table,
    COORDINATION_TABLE: 'posture-coordination',
    SEAL_KEY: keyArn,
    FORMER_KEY: keyArn,
    TOPIC: TopicArn,
    HEADS: 'daily',
  };
  Object.assign(process.env, environmentOf(account), settings);
  written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  written.mockRestore();
  process.env = before;
});

/** A new instance of the function handles the tick of the schedule. */
async function tick(time: string): Promise<SealRun> {
  let run: Promise<SealRun> | undefined;
  jest.isolateModules(() => {
    const { handler } = require('../../functions/seal/handler') as typeof import('../../functions/seal/handler');
    run = handler({ time }, context);
  });
  return (await run) as SealRun;
}

const metrics = () =>
  written.mock.calls
    .map(([text]) => String(text))
    .filter((text) => text.includes('_aws'))
    .join('');
const put = (number: number) => {
  const line = lineOf('A', events(hourlyClock())('A'));
  return account.client(S3Client).send(new PutObjectCommand({ Bucket, Key: batchKey('2026-11-01', number), Body: `${line}\n` }));
};

describe('the function that seals', () => {
  it('counts its seals, and publishes the head once a day, also for an attempt that wrote none', async () => {
    await put(1);
    expect(await tick('2026-11-01T23:20:00Z')).toMatchObject({ seals: 1, batches: 1 });
    expect(metrics()).toContain('"Seals":1,"SealedBatches":1');
    expect(await received()).toEqual([]);
    const { newest } = await tick('2026-11-02T00:20:00Z');
    const [message] = await received();
    expect(message?.Subject).toBe('Posture seal 1');
    expect(message?.Message).toContain(`posture log verify --key ${newest?.key} --head ${newest?.hash}`);
  });

  it('records the newest seal, and why a batch is not sealed, for the status', async () => {
    const recorded = () => getSealed(account.client(DynamoDBClient), 'posture-coordination', systemClock);
    await put(1);
    const { newest } = await tick('2026-11-01T23:20:00Z');
    expect(await recorded()).toEqual({ at: expect.any(String), number: 1, sealedAt: newest?.time, hash: newest?.hash });
    await put(3);
    await tick('2026-11-02T00:20:00Z');
    expect(await recorded()).toMatchObject({ number: 1, hash: newest?.hash, gap: expect.stringContaining('Batch 2 is missing') });
  });

  it('counts a gap, which an alarm follows, and does not fail for it', async () => {
    await put(2);
    expect(await tick('2026-11-01T23:20:00Z')).toMatchObject({ seals: 1, batches: 0, gap: expect.stringContaining('Batch 1 is missing') });
    expect(metrics()).toContain('"ArchiveGaps":1');
  });

  it('counts seals that allow no further one', async () => {
    await account.client(S3Client).send(new PutObjectCommand({ Bucket, Key: 'seals/000000000002.json', Body: '{}' }));
    expect(await tick('2026-11-01T23:20:00Z')).toMatchObject({ seals: 0, gap: expect.stringContaining('Seal 1 is missing') });
    expect(metrics()).toContain('"ArchiveGaps":1');
  });
});

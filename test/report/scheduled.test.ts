import { createHash } from 'node:crypto';
import path from 'node:path';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { loadRules } from '../../functions/catalogue/catalogue';
import { itemOf } from '../../functions/log/item';
import { formatNames, formats } from '../../functions/report/formats';
import { synthesize } from '../../infra/synth';
import { environmentOf } from '../cli/central';
import { usePosture } from '../cli/posture';
import { type Account, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import { useEmulator } from '../emulator/use';
import { trailsOf } from '../history/events';
import { generate } from '../history/generate';
import { temporaryFolder } from '../infra/synthesized';
import { reportedRules } from './pages';

const emulator = useEmulator();
const posture = usePosture();
const outdir = temporaryFolder('scheduled');

const rules = reportedRules.slice(0, 3);
const scripts = [...generate({ seed: 5, events: 150, from: new Date('2026-03-01T00:00:00Z'), days: 31, rules, accounts: 2, hostile: 0.3 })];
const period = ['--since', '2026-03-01', '--until', '2026-03-31'];
const prefix = 'reports/2026-03/posture-2026-03.';
/** What EventBridge hands to the function on the first of April. */
const tick = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-04-01T04:06:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:events:eu-west-1:123456789012:rule/posture-report'],
  detail: {},
};

let account: Account;
let lambda: LambdaFunction;
let Bucket: string;
let received: () => Promise<readonly { readonly Subject: string; readonly Message: string }[]>;

const s3 = () => account.client(S3Client);
const read = async (Key: string) => (await (await s3().send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '';
const keys = async () =>
  ((await s3().send(new ListObjectsV2Command({ Bucket, Prefix: 'reports/' }))).Contents ?? []).map(({ Key = '' }) => Key);

beforeAll(async () => {
  account = await emulator.account();
  const entries = loadRules().filter(({ rule }) => rules.some(({ id }) => id === rule.id));
  const { assembly, catalogueBundles } = await synthesize({ outdir: path.join(outdir, 'app'), entries, context: { reports: 'monthly' } });
  await deployStacks(account, assembly, ['PostureMember', 'Posture']);
  const FunctionName = 'posture-report';
  const deployed = await account.client(LambdaClient).send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { Role: role = '', Environment: { Variables: environment = {} } = {} } = deployed;
  Bucket = environment.ARCHIVE_BUCKET ?? '';
  received = await subscriber(environment.TOPIC ?? '');
  lambda = startLambda({
    name: FunctionName,
    account: account.account,
    region: account.region,
    code: catalogueBundles.report.folder,
    handler: deployed.Handler ?? '',
    credentials: await functionCredentials(emulator.gateway, { role, name: FunctionName }),
    endpoint: emulator.gateway.url,
    timeoutSeconds: deployed.Timeout ?? 0,
    environment,
  });
  const items = scripts.flatMap(trailsOf).flatMap(({ key, events }) => events.map((event) => itemOf(event, key)));
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await account.client(DynamoDBClient).send(new BatchWriteItemCommand({ RequestItems: { 'posture-log': requests } }));
  }
});
afterAll(() => lambda?.stop());

async function subscriber(TopicArn: string): Promise<typeof received> {
  const sqs = account.client(SQSClient);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'team' }));
  const { Attributes: { QueueArn } = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await account.client(SNSClient).send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QueueArn }));
  return async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = '' }) => JSON.parse(Body));
  };
}

/** When a report is made is what differs. */
const withoutTime = (text: string): string =>
  text
    .replace(/"made":"[^"]+"/, '')
    .replace(/"(last-modified|version)":"20[^"]+Z"/g, '')
    .replace(/Made \d{4}-\d\d-\d\d \d\d:\d\d UTC/, '');

describe('the scheduled report, as it is deployed', () => {
  let manifest: string;

  it('goes on after a run that was interrupted: what is there stays', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: `${prefix}csv`, Body: 'from before' }));
    expect(await lambda.invoke(tick)).toMatchObject({ result: { period: '2026-03', untrusted: 0 } });
    expect(await read(`${prefix}csv`)).toBe('from before');
    manifest = await read(`${prefix}manifest.json`);
    const { files } = JSON.parse(manifest) as { readonly files: readonly { readonly key: string; readonly sha256: string }[] };
    expect(files.map(({ key }) => key)).toEqual(formatNames.map((name) => `${prefix}${formats[name].extension}`));
    for (const { key, sha256 } of files)
      expect([key, sha256]).toEqual([
        key,
        createHash('sha256')
          .update(await read(key))
          .digest('hex'),
      ]);
  });

  it.each(formatNames.filter((name) => name !== 'csv'))('writes %s as posture report does', async (format) => {
    const { stdout, code } = await posture(['report', ...period, '--format', format], environmentOf(account));
    expect(code).toBe(0);
    const Key = `${prefix}${formats[format].extension}`;
    const written = await read(Key);
    expect(written.length).toBeGreaterThan(1000);
    expect(withoutTime(written)).toBe(withoutTime(stdout));
    expect((await s3().send(new HeadObjectCommand({ Bucket, Key }))).ContentType).toBe(formats[format].type);
  });

  it('says the numbers in a paragraph, and where the report is', async () => {
    const { all, open } = JSON.parse(await read(`${prefix}json`)) as {
      readonly all: { readonly found: number; readonly counts: { readonly fixed: number } };
      readonly open: { readonly total: number };
    };
    const [{ Subject, Message } = { Subject: '', Message: '' }, ...others] = await received();
    expect([Subject, others]).toEqual(['Posture report 2026-03', []]);
    const [paragraph = ''] = Message.split('\n');
    expect(paragraph).toContain(
      `From 2026-03-01 to 2026-03-31 (UTC), ${all.found} misconfigurations were found, and ${all.counts.fixed} are fixed`,
    );
    expect(paragraph).toContain(`${open.total} are open at the end`);
    expect(paragraph).toContain('All hash chains that were read are intact.');
    expect(Message).toContain(`aws s3 cp s3://${Bucket}/${prefix}html .`);
  });

  it('is made once: a repeat writes nothing, and says nothing', async () => {
    emulator.gateway.clear();
    expect(await lambda.invoke(tick)).toMatchObject({ result: { period: '2026-03', existed: true } });
    expect(emulator.gateway.calls.map(({ operation }) => operation)).toEqual(['ListObjectsV2']);
    expect(await read(`${prefix}manifest.json`)).toBe(manifest);
    expect(await received()).toEqual([]);
  });

  it('has a period in which nothing happened', async () => {
    expect(await lambda.invoke({ ...tick, time: '2026-06-01T04:06:00Z' })).toMatchObject({
      result: { period: '2026-05', remediations: 0 },
    });
    expect((await keys()).filter((key) => key.startsWith('reports/2026-05/'))).toHaveLength(formatNames.length + 1);
    expect((await received()).map(({ Message }) => Message)).toEqual([expect.stringContaining('0 misconfigurations were found')]);
  });

  it.each([
    ['2999-01-01T00:00:00Z', 'is in the future'],
    ['yesterday', 'The time of the event is "yesterday"'],
  ])('fails for the time %s, and writes nothing', async (time, message) => {
    const before = await keys();
    expect(await lambda.invoke({ ...tick, time })).toMatchObject({ error: { errorMessage: expect.stringContaining(message) } });
    expect(await keys()).toEqual(before);
  });
});

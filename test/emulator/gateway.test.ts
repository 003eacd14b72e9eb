import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  GetPublicAccessBlockCommand as GetAccountBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { freshAccount } from './account';
import { startGateway } from './gateway';
import { emulatorOfThisWorker, useEmulator } from './use';

const emulator = useEmulator();

const operations = () => emulator.gateway.calls.map(({ service, operation }) => `${service}:${operation}`);

describe('what the gateway records', () => {
  beforeEach(() => emulator.gateway.clear());

  it('names the operation of a JSON, a query, an EC2 and a REST call', async () => {
    const account = await emulator.account();
    emulator.gateway.clear();
    await account.client(DynamoDBClient).send(new ListTablesCommand({ Limit: 3 }));
    await account.client(IAMClient).send(new ListUsersCommand({ MaxItems: 5 }));
    await account.client(EC2Client).send(new DescribeVpcsCommand({}));
    await account.client(LambdaClient).send(new ListFunctionsCommand({ MaxItems: 7 }));
    expect(operations()).toEqual(['dynamodb:ListTables', 'iam:ListUsers', 'ec2:DescribeVpcs', 'lambda:ListFunctions']);
    expect(emulator.gateway.calls.map(({ input }) => input)).toEqual([{ Limit: 3 }, { MaxItems: '5' }, {}, { MaxItems: '7' }]);
  });

  it('tells the account, the region, the role and the status', async () => {
    const account = await emulator.account({ region: 'ap-southeast-2' });
    emulator.gateway.clear();
    const before = Date.now();
    await account
      .client(S3Client)
      .send(new GetBucketVersioningCommand({ Bucket: 'no-such-bucket-anywhere' }))
      .catch(() => {});
    const [call] = emulator.gateway.calls;
    expect(call).toMatchObject({
      account: account.account,
      region: 'ap-southeast-2',
      role: `arn:aws:iam::${account.account}:role/emulator-owner`,
      status: 404,
    });
    expect(call?.time).toBeGreaterThanOrEqual(before);
  });

  it('asks whose key it is that another gateway gave out', async () => {
    const other = await startGateway({ upstream: emulatorOfThisWorker() });
    const account = await freshAccount(other);
    await other.stop();
    await new STSClient({ ...account.configuration, endpoint: emulator.gateway.url }).send(new GetCallerIdentityCommand({}));
    expect(emulator.gateway.calls[0]).toMatchObject({
      account: account.account,
      role: `arn:aws:iam::${account.account}:role/emulator-owner`,
    });
  });

  it('takes a key nobody gave out for one of the default account', async () => {
    const sts = new STSClient({
      endpoint: emulator.gateway.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'unknown', secretAccessKey: 'x' },
    });
    await sts.send(new GetCallerIdentityCommand({}));
    expect(emulator.gateway.calls[0]).toMatchObject({ account: '123456789012' });
    expect(emulator.gateway.calls[0]).not.toHaveProperty('role');
  });

  it('tells apart the operations of S3 and S3 Control, also with the bucket or the account before the host', async () => {
    const account = await emulator.account();
    const s3 = account.client(S3Client);
    const control = account.client(S3ControlClient);
    const Bucket = `operations-${account.account}`;
    emulator.gateway.clear();
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a/b c', Body: 'text' }));
    const read = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/b c' }));
    await s3.send(new HeadBucketCommand({ Bucket }));
    await s3.send(new ListObjectsV2Command({ Bucket }));
    await s3.send(new ListBucketsCommand({}));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    await s3.send(new GetPublicAccessBlockCommand({ Bucket })).catch(() => {});
    await control.send(
      new PutPublicAccessBlockCommand({ AccountId: account.account, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    const block = await control.send(new GetAccountBlockCommand({ AccountId: account.account }));
    expect(await read.Body?.transformToString()).toBe('text');
    expect(block.PublicAccessBlockConfiguration?.BlockPublicAcls).toBe(true);
    expect(operations()).toEqual([
      's3:CreateBucket',
      's3:PutObject',
      's3:GetObject',
      's3:HeadBucket',
      's3:ListObjectsV2',
      's3:ListBuckets',
      's3:PutBucketVersioning',
      's3:GetPublicAccessBlock',
      's3control:PutPublicAccessBlock',
      's3control:GetPublicAccessBlock',
    ]);
    expect(emulator.gateway.calls[1]?.input).toMatchObject({ Bucket, Key: 'a/b c' });
    expect(emulator.gateway.calls.at(-1)?.input).toEqual({ AccountId: account.account });
  });

  it('adds little time to a call', async () => {
    const account = await emulator.account();
    const median = async (endpoint: string) => {
      const dynamodb = new DynamoDBClient({ ...account.configuration, endpoint });
      const times: number[] = [];
      for (let index = 0; index < 25; index++) {
        const started = performance.now();
        await dynamodb.send(new ListTablesCommand({}));
        times.push(performance.now() - started);
      }
      dynamodb.destroy();
      return times.sort((one, other) => one - other)[12] ?? 0;
    };
    const direct = await median(emulatorOfThisWorker());
    expect(await median(emulator.gateway.url)).toBeLessThan(2 * direct + 20);
  });
});

describe('accounts of the emulator', () => {
  it('do not see each other', async () => {
    const [one, other] = [await emulator.account(), await emulator.account()];
    expect(one.account).toMatch(/^\d{12}$/);
    expect(one.account).not.toBe(other.account);
    const Bucket = `mine-${one.account}`;
    await one.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    const { Buckets: mine } = await one.client(S3Client).send(new ListBucketsCommand({}));
    const { Buckets: theirs } = await other.client(S3Client).send(new ListBucketsCommand({}));
    expect([mine?.length, theirs?.length]).toEqual([1, 0]);
  });
});

import { CreateTableCommand, DynamoDBClient, GetItemCommand, ListTablesCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import type { Account } from './account';
import { useEmulator } from './use';

const emulator = useEmulator();

const services: Readonly<Record<string, (account: Account, maxAttempts: number) => Promise<unknown>>> = {
  dynamodb: (account, maxAttempts) => new DynamoDBClient({ ...account.configuration, maxAttempts }).send(new ListTablesCommand({})),
  iam: (account, maxAttempts) => new IAMClient({ ...account.configuration, maxAttempts }).send(new ListUsersCommand({})),
  ec2: (account, maxAttempts) => new EC2Client({ ...account.configuration, maxAttempts }).send(new DescribeVpcsCommand({})),
  lambda: (account, maxAttempts) => new LambdaClient({ ...account.configuration, maxAttempts }).send(new ListFunctionsCommand({})),
  s3: (account, maxAttempts) => new S3Client({ ...account.configuration, maxAttempts }).send(new ListBucketsCommand({})),
  s3control: (account, maxAttempts) =>
    new S3ControlClient({ ...account.configuration, maxAttempts }).send(new GetPublicAccessBlockCommand({ AccountId: account.account })),
};

const names = Object.keys(services);
const call = (service: string, account: Account, maxAttempts: number) =>
  services[service]?.(account, maxAttempts) ?? Promise.reject(new Error(service));

describe.each(names)('faults of %s', (service) => {
  const throttling = {
    dynamodb: 'ThrottlingException',
    iam: 'Throttling',
    ec2: 'RequestLimitExceeded',
    lambda: 'TooManyRequestsException',
    s3: 'SlowDown',
    s3control: 'SlowDown',
  };
  const denial = {
    dynamodb: 'AccessDeniedException',
    iam: 'AccessDenied',
    ec2: 'UnauthorizedOperation',
    lambda: 'AccessDeniedException',
    s3: 'AccessDenied',
    s3control: 'AccessDenied',
  };

  it.each([
    ['throttle', throttling[service as keyof typeof throttling]],
    ['access-denied', denial[service as keyof typeof denial]],
    ['unavailable', service === 'ec2' ? 'Unavailable' : 'ServiceUnavailable'],
  ] as const)('%s is %s', async (as, name) => {
    const account = await emulator.account();
    emulator.gateway.fail({ service, account: account.account, as });
    await expect(call(service, account, 1)).rejects.toMatchObject({ name });
  });

  it('the SDK gets over throttling, a 503, a 500 and a reset by trying again', async () => {
    const account = await emulator.account();
    for (const as of ['throttle', 'unavailable', 'internal', 'reset'] as const) {
      emulator.gateway.clear();
      const fault = emulator.gateway.fail({ service, account: account.account, as });
      const result = await call(service, account, 3).then(
        () => 'answered',
        (error: Error) => error.name,
      );
      expect(result).toBe(service === 's3control' ? 'NoSuchPublicAccessBlockConfiguration' : 'answered');
      expect(fault.met).toBe(1);
      expect(emulator.gateway.calls).toHaveLength(2);
    }
  });
});

describe('a fault', () => {
  const list = (account: Account) =>
    call('dynamodb', account, 1).then(
      () => 'ok',
      (error: Error) => error.name,
    );

  it('meets the nth call that matches, as many times as asked', async () => {
    const account = await emulator.account();
    emulator.gateway.fail({ operation: 'ListTables', account: account.account, when: 2, times: 2, as: 'access-denied' });
    const seen = [];
    for (let index = 0; index < 5; index++) seen.push(await list(account));
    expect(seen).toEqual(['ok', 'AccessDeniedException', 'AccessDeniedException', 'ok', 'ok']);
  });

  it('leaves other services, operations, accounts and regions alone', async () => {
    const account = await emulator.account();
    const others = [{ service: 's3' }, { operation: 'GetItem' }, { account: '000000000000' }, { region: 'eu-north-1' }];
    const faults = others.map((other) => emulator.gateway.fail({ account: account.account, ...other, as: 'access-denied' }));
    expect(await list(account)).toBe('ok');
    for (const fault of faults) fault.cancel();
  });

  it('ends when it is cancelled', async () => {
    const account = await emulator.account();
    const fault = emulator.gateway.fail({ account: account.account, times: Number.POSITIVE_INFINITY, as: 'access-denied' });
    expect([await list(account), await list(account)]).toEqual(['AccessDeniedException', 'AccessDeniedException']);
    fault.cancel();
    expect(await list(account)).toBe('ok');
  });

  it('delays', async () => {
    const account = await emulator.account();
    emulator.gateway.fail({ account: account.account, as: { delay: 300 } });
    const started = performance.now();
    expect(await list(account)).toBe('ok');
    expect(performance.now() - started).toBeGreaterThanOrEqual(290);
  });

  it('can drop the answer to a call that was done', async () => {
    const account = await emulator.account();
    const dynamodb = account.client(DynamoDBClient);
    const TableName = 'counters';
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    emulator.gateway.clear();
    emulator.gateway.fail({ operation: 'UpdateItem', account: account.account, as: 'drop-answer' });
    const Key = { id: { S: 'one' } };
    await dynamodb.send(
      new UpdateItemCommand({ TableName, Key, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } }),
    );
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
    expect(Item?.n).toEqual({ N: '2' });
    expect(emulator.gateway.calls.map(({ status }) => status)).toEqual([0, 200, 200]);
  });
});

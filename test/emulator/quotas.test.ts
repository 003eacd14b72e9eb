import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient, DescribeTrailsCommand, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  PutItemCommand,
  type TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { BatchUpdateFindingsCommand, GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { isTransient } from '../../functions/aws/error';
import type { Account } from './account';
import { enforceQuotas } from './gateway/quotas/enforce';
import { publishedQuotas } from './gateway/quotas/published';
import { useEmulator } from './use';

const emulator = useEmulator();
beforeEach(() => emulator.gateway.limit({ on: true }));
afterEach(() => emulator.gateway.limit({ on: false }));

/** A client that does not try again. */
const once = <Client>(account: Account, Class: new (configuration: never) => Client): Client =>
  new Class({ ...account.configuration, maxAttempts: 1 } as never);

const errorsOf = async (calls: readonly Promise<unknown>[]): Promise<readonly Error[]> =>
  (await Promise.allSettled(calls)).flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));

const bodyOf = (error: Error | undefined) => ({
  name: error?.name,
  status: (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode,
});

describe('a quota', () => {
  const finding = { Id: 'finding', ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub' };
  it.each<[string, number, (account: Account) => () => Promise<unknown>, string, number]>([
    ['LookupEvents', 2, (account) => call(once(account, CloudTrailClient), new LookupEventsCommand({})), 'ThrottlingException', 400],
    ['DescribeTrails', 10, (account) => call(once(account, CloudTrailClient), new DescribeTrailsCommand({})), 'ThrottlingException', 400],
    ['GetFindings', 6, (account) => call(once(account, SecurityHubClient), new GetFindingsCommand({})), 'TooManyRequestsException', 429],
    [
      'BatchUpdateFindings',
      30,
      (account) => call(once(account, SecurityHubClient), new BatchUpdateFindingsCommand({ FindingIdentifiers: [finding] })),
      'TooManyRequestsException',
      429,
    ],
    [
      'GetPolicy of Lambda',
      15,
      (account) => call(once(account, LambdaClient), new GetPolicyCommand({ FunctionName: 'none' })),
      'TooManyRequestsException',
      429,
    ],
  ])('lets as many calls of %s pass at once as AWS does: %p', async (_, burst, calling, name, status) => {
    const send = calling(await emulator.account());
    const refused = (errors: readonly Error[]) => errors.filter((error) => error.name === name);
    expect(refused(await errorsOf(Array.from({ length: burst }, send)))).toEqual([]);
    const beyond = refused(await errorsOf(Array.from({ length: 3 * burst }, send)));
    // While they were sent, the quota filled up a little.
    expect(beyond.length).toBeGreaterThan(0);
    expect(beyond.map(bodyOf)).toContainEqual({ name, status });
    expect(beyond.every(isTransient)).toBe(true);
  });

  // The emulator is too slow for these.
  it.each([
    ['sts', 'AssumeRole', 'query', 600, { status: 400, code: 'Throttling' }],
    ['scheduler', 'CreateSchedule', 'rest-json', 250, { status: 429, code: 'ThrottlingException' }],
    ['lambda', 'PutFunctionConcurrency', 'rest-json', 15, { status: 429, code: 'TooManyRequestsException' }],
  ] as const)('of %s refuses %s in the form of the service', (service, name, protocol, perSecond, refusal) => {
    const quotas = enforceQuotas(() => 0);
    const place = { account: '111122223333', region: 'eu-west-1' };
    const answers = Array.from({ length: perSecond + 1 }, () => quotas.refusalOf({ service, name, protocol, input: {} }, place));
    expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
    expect(answers.at(-1)).toMatchObject(refusal);
  });

  it('fills up with time, and is one for each account and Region', async () => {
    const account = await emulator.account();
    const send = call(once(account, CloudTrailClient), new LookupEventsCommand({}));
    await errorsOf([send(), send(), send()]);
    await sleep(600);
    await expect(send()).resolves.toBeDefined();
    await errorsOf([send(), send()]);
    await expect(call(once(await emulator.account(), CloudTrailClient), new LookupEventsCommand({}))()).resolves.toBeDefined();
    const elsewhere = { ...account, configuration: { ...account.configuration, region: 'us-east-1' } };
    await expect(call(once(elsewhere, CloudTrailClient), new LookupEventsCommand({}))()).resolves.toBeDefined();
  });

  it('is noted with the call that it refused, and is not there until it is asked for', async () => {
    const account = await emulator.account();
    const send = call(once(account, CloudTrailClient), new LookupEventsCommand({}));
    await errorsOf([send(), send(), send()]);
    const refused = () => emulator.gateway.calls.filter((one) => one.account === account.account && one.refused === 'quota');
    expect(refused()).toMatchObject([{ operation: 'LookupEvents', status: 400 }]);
    emulator.gateway.limit({ on: false });
    expect(await errorsOf([send(), send(), send()])).toEqual([]);
  });

  it('has a page of AWS for its source', () => {
    for (const { source } of publishedQuotas) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/);
  });
});

const call = (client: { send(command: never): Promise<unknown> }, command: object) => (): Promise<unknown> => client.send(command as never);

describe('a transaction under way', () => {
  const TableName = 'ledger';
  const key = (page: string): Record<string, AttributeValue> => ({ book: { S: 'a' }, page: { S: page } });
  const open = async () => {
    emulator.gateway.limit({ on: true, transactionMilliseconds: 1500 });
    const dynamo = once(await emulator.account(), DynamoDBClient);
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: ['book', 'page'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
        KeySchema: [
          { AttributeName: 'page', KeyType: 'RANGE' },
          { AttributeName: 'book', KeyType: 'HASH' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const send = (command: object) =>
      dynamo.send(command as never).then(
        () => 'done',
        (error: TransactionCanceledException) => error.CancellationReasons?.map(({ Code }) => Code).join(' ') ?? error.name,
      );
    /** The first has the items; what comes of the others. */
    const together = async (first: object, ...others: readonly object[]) => {
      const before = emulator.gateway.calls.length;
      const sent = send(first);
      while (emulator.gateway.calls.length === before) await sleep(5);
      // It is recorded a moment before it has its items.
      await sleep(50);
      const [, ...answers] = await Promise.all([sent, ...others.map(send)]);
      return answers;
    };
    return { send, together };
  };
  const put = (...pages: readonly string[]) =>
    new TransactWriteItemsCommand({ TransactItems: pages.map((page) => ({ Put: { TableName, Item: key(page) } })) });
  const insert = (page: string) => `INSERT INTO "${TableName}" VALUE {'book': 'a', 'page': '${page}'}`;

  it('cancels another one of its items, with the reason', async () => {
    const { together, send } = await open();
    expect(await together(put('1', '2'), put('0', '2'))).toEqual(['None TransactionConflict']);
    expect(await send(put('0', '2'))).toBe('done');
  });

  it('refuses a write of its items, and of no others', async () => {
    const { together, send } = await open();
    const set = { UpdateExpression: 'SET used = :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    const update = (page: string) => new UpdateItemCommand({ TableName, Key: key(page), ...set });
    const others = [new PutItemCommand({ TableName, Item: key('1') }), update('2'), update('3')];
    expect(await together(put('1', '2'), ...others)).toEqual(['TransactionConflictException', 'TransactionConflictException', 'done']);
    expect(await send(update('2'))).toBe('done');
  });

  it('is one by statements, too', async () => {
    const { together } = await open();
    const statements = new ExecuteTransactionCommand({ TransactStatements: [{ Statement: insert('1') }, { Statement: insert('2') }] });
    const single = new ExecuteStatementCommand({ Statement: insert('2') });
    expect(await together(statements, put('2'), single)).toEqual(['TransactionConflict', 'TransactionConflictException']);
  });

  it('is known by the keys of its conditions', async () => {
    const { together } = await open();
    const counted = new ExecuteTransactionCommand({
      TransactStatements: [
        {
          Statement: `UPDATE "${TableName}" SET used = ? WHERE book = ? AND page = '1' AND used < ?`,
          Parameters: [{ N: '2' }, { S: 'a' }, { N: '9' }],
        },
      ],
    });
    expect(await together(put('1'), counted)).toEqual(['TransactionConflict']);
    expect(await together(put('2'), counted)).not.toEqual(['TransactionConflict']);
  });
});

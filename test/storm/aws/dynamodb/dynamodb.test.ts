import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { useEmulator } from '../../../emulator/use';
import { type Random, randomOf } from '../../random';
import { AwsError } from '../error';
import { dynamoDb } from './dynamodb';

const emulator = useEmulator();
const shape = { name: 'things', partition: 'key' };

const conditions = [
  'attribute_not_exists(used)',
  'attribute_exists(#name)',
  'attribute_not_exists(used) OR used < :two',
  '#name = :a AND NOT used > :two',
  '#name <> :a',
  'used BETWEEN :one AND :two',
  '#name IN (:a, :b)',
  'begins_with(#name, :a) OR contains(#name, :b)',
  '(used = :one OR used = :two) AND attribute_exists(#key)',
];
const updates = [
  'SET #name = :a',
  'SET #name = if_not_exists(#name, :b), used = :one',
  'ADD used :one',
  'REMOVE #name',
  'ADD numbers :set',
  'DELETE numbers :set ADD used :one',
  'SET #name = :b REMOVE used',
  'SET used = if_not_exists(used, :one) + :two ADD extra :one',
];
const values: Record<string, AttributeValue> = {
  ':a': { S: 'alpha' },
  ':b': { S: 'beta' },
  ':one': { N: '1' },
  ':two': { N: '2' },
  ':set': { NS: ['1', '2'] },
};

/** Only the placeholders that the expressions name: DynamoDB refuses others. */
function placeholders(...texts: readonly string[]) {
  const has = (name: string): boolean => texts.some((text) => new RegExp(`${name}\\b`).test(text));
  const names = Object.entries({ '#name': 'name', '#key': 'key' }).filter(([name]) => has(name));
  const given = Object.entries(values).filter(([name]) => has(name));
  return {
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
    ...(given.length > 0 && { ExpressionAttributeValues: Object.fromEntries(given) }),
  };
}

type Part = { readonly [Name in 'Put' | 'Update' | 'Delete' | 'ConditionCheck']?: Readonly<Record<string, unknown>> };

function writeOf(random: Random, key: string): Part {
  const ConditionExpression = random.pick(conditions);
  const Key = { key: { S: key } };
  const common = { TableName: shape.name, ConditionExpression };
  const UpdateExpression = random.pick(updates);
  return random.pick<Part>([
    { Put: { ...common, Item: { ...Key, name: { S: random.pick(['alpha', 'beta', 'gamma']) } }, ...placeholders(ConditionExpression) } },
    { Update: { ...common, Key, UpdateExpression, ...placeholders(ConditionExpression, UpdateExpression) } },
    { Delete: { ...common, Key, ...placeholders(ConditionExpression) } },
    { Update: { TableName: shape.name, Key, UpdateExpression, ...placeholders(UpdateExpression) } },
    { ConditionCheck: { ...common, Key, ...placeholders(ConditionExpression) } },
  ]);
}

const operations = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem' } as const;
const commands = {
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  TransactWriteItems: TransactWriteItemsCommand,
} as unknown as Readonly<Record<Operation, new (input: object) => GetItemCommand>>;

type Operation = 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'GetItem' | 'TransactWriteItems';

function inMemory() {
  const { service } = dynamoDb([shape], () => {});
  let now = 0;
  return (operation: string, input: object): string => {
    now += 1000;
    try {
      return JSON.stringify(service[operation]?.({ service: 'dynamodb', operation, input, account: '', region: '', principal: '', now }));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return said(error.code, error.fields);
    }
  };
}

const said = (code: string, fields: { readonly CancellationReasons?: readonly { readonly Code?: string }[] }): string =>
  `${code} ${(fields.CancellationReasons ?? []).map(({ Code }) => Code).join(' ')}`;

it('writes as the emulator does: conditions, updates, transactions', async () => {
  const client = (await emulator.account()).client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName: shape.name,
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const memory = inMemory();
  const random = randomOf('dynamodb');
  const both = async (operation: Operation, input: object): Promise<readonly [string, string]> => {
    const answer = await client.send(new commands[operation](input)).then(
      ({ Item }) => JSON.stringify({ Item }),
      (error: Error) => said(error.name, error as object),
    );
    return [memory(operation, input), answer];
  };
  for (let count = 0; count < 60; count += 1) {
    const parts = ['x', 'y', 'z'].slice(0, 1 + random.below(3)).map((key) => writeOf(random, key));
    const [[kind = 'Put', input = {}] = []] = parts.map((part) => Object.entries(part)[0]);
    const isSingle = random.chance(0.5) && kind in operations;
    const [ours, theirs] = isSingle
      ? await both(operations[kind as 'Put'], input)
      : await both('TransactWriteItems', { TransactItems: parts });
    expect({ parts, answer: ours }).toEqual({ parts, answer: theirs });
    for (const key of ['x', 'y', 'z']) {
      const [mine, other] = await both('GetItem', { TableName: shape.name, Key: { key: { S: key } } });
      expect(JSON.parse(mine)).toEqual(JSON.parse(other));
    }
  }
});

describe('PartiQL, for which AWS documents more than the emulator does', () => {
  const statement = (name: string) => ({
    Statement: `INSERT INTO "things" VALUE {'key': ?, 'name': ?}`,
    Parameters: [{ S: 'k' }, { S: name }],
  });

  it('refuses to insert an item that exists, and keeps it', () => {
    const memory = inMemory();
    expect(memory('ExecuteStatement', statement('first'))).toBe('{}');
    expect(memory('ExecuteStatement', statement('second'))).toBe('DuplicateItemException ');
    expect(memory('GetItem', { TableName: 'things', Key: { key: { S: 'k' } } })).toContain('first');
  });

  it('inserts all items of a transaction or none', () => {
    const memory = inMemory();
    memory('ExecuteStatement', statement('first'));
    const other = { ...statement('other'), Parameters: [{ S: 'l' }, { S: 'other' }] };
    expect(memory('ExecuteTransaction', { TransactStatements: [other, statement('second')] })).toBe(
      'TransactionCanceledException None DuplicateItem',
    );
    expect(memory('GetItem', { TableName: 'things', Key: { key: { S: 'l' } } })).toBe('{}');
  });

  it('knows only insertions', () => {
    expect(inMemory()('ExecuteStatement', { Statement: `DELETE FROM "things" WHERE "key" = ?`, Parameters: [{ S: 'k' }] })).toContain(
      'ValidationException',
    );
  });
});

it('lets a write conflict with a transaction that is under way', () => {
  const { service } = dynamoDb([shape], () => {});
  const request = (operation: string, input: object, now: number) => ({
    service: 'dynamodb',
    operation,
    input,
    account: '',
    region: '',
    principal: '',
    now,
  });
  const put = { Put: { TableName: 'things', Item: { key: { S: 'k' } } } };
  service.TransactWriteItems?.(request('TransactWriteItems', { TransactItems: [put] }, 10));
  expect(() => service.PutItem?.(request('PutItem', put.Put, 11))).toThrow(AwsError);
  expect(() => service.TransactWriteItems?.(request('TransactWriteItems', { TransactItems: [put] }, 12))).toThrow(/TransactionConflict/);
  expect(service.PutItem?.(request('PutItem', put.Put, 100))).toEqual({});
});

it('refuses an item of more than 400 KB', () => {
  expect(inMemory()('PutItem', { TableName: 'things', Item: { key: { S: 'k' }, name: { S: 'x'.repeat(410 * 1024) } } })).toBe(
    'ValidationException ',
  );
});

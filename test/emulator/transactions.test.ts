import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  GetItemCommand,
  type ParameterizedStatement,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { useEmulator } from './use';

const emulator = useEmulator();
const TableName = 'ledger';

const endOf = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => 'done',
    (error: Error) => error.name,
  );

const openLedger = async (ranged: boolean) => {
  const dynamo = (await emulator.account()).client(DynamoDBClient);
  const range = ranged ? (['page'] as const) : [];
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: ['book', ...range].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'book', KeyType: 'HASH' },
        ...range.map((AttributeName) => ({ AttributeName, KeyType: 'RANGE' as const })),
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const key = (page: string): Record<string, AttributeValue> => (ranged ? { book: { S: 'a' }, page: { S: page } } : { book: { S: page } });
  return {
    key,
    put: (page: string, text: string) => dynamo.send(new PutItemCommand({ TableName, Item: { ...key(page), text: { S: text } } })),
    textOf: async (page: string) =>
      (await dynamo.send(new GetItemCommand({ TableName, Key: key(page), ConsistentRead: true }))).Item?.text?.S,
    transact: (...TransactItems: readonly TransactWriteItem[]) =>
      endOf(dynamo.send(new TransactWriteItemsCommand({ TransactItems: [...TransactItems] }))),
    state: (statement: ParameterizedStatement) => endOf(dynamo.send(new ExecuteStatementCommand(statement))),
    execute: (...TransactStatements: readonly ParameterizedStatement[]) =>
      endOf(dynamo.send(new ExecuteTransactionCommand({ TransactStatements: [...TransactStatements] }))),
  };
};

type Ledger = Awaited<ReturnType<typeof openLedger>>;

const putting = ({ key }: Ledger, page: string, text: string, ConditionExpression?: string): TransactWriteItem => ({
  Put: { TableName, Item: { ...key(page), text: { S: text } }, ConditionExpression },
});

const updating = ({ key }: Ledger, page: string, text: string): TransactWriteItem => ({
  Update: {
    TableName,
    Key: key(page),
    UpdateExpression: 'SET #text = :text',
    ExpressionAttributeNames: { '#text': 'text' },
    ExpressionAttributeValues: { ':text': { S: text } },
  },
});

describe.each([
  ['a partition key', false],
  ['a partition and a sort key', true],
])('a transaction on a table with %s', (_, ranged) => {
  it('writes all', async () => {
    const ledger = await openLedger(ranged);
    await ledger.put('old', 'first');
    expect(await ledger.transact(putting(ledger, 'old', 'second'), putting(ledger, 'new', 'first'))).toBe('done');
    expect([await ledger.textOf('old'), await ledger.textOf('new')]).toEqual(['second', 'first']);
  });

  it('writes nothing where one condition is not met', async () => {
    const ledger = await openLedger(ranged);
    await ledger.put('old', 'first');
    const refused = putting(ledger, 'old', 'third', 'attribute_not_exists(book)');
    expect(await ledger.transact(putting(ledger, 'new', 'first'), refused)).toBe('TransactionCanceledException');
    expect(await ledger.transact(refused, putting(ledger, 'newer', 'first'))).toBe('TransactionCanceledException');
    expect([await ledger.textOf('old'), await ledger.textOf('new'), await ledger.textOf('newer')]).toEqual(['first', undefined, undefined]);
  });

  it('takes an update back too', async () => {
    const ledger = await openLedger(ranged);
    await ledger.put('old', 'first');
    await ledger.put('other', 'first');
    const refused = putting(ledger, 'other', 'second', 'attribute_not_exists(book)');
    expect(await ledger.transact(updating(ledger, 'old', 'second'), refused)).toBe('TransactionCanceledException');
    expect([await ledger.textOf('old'), await ledger.textOf('other')]).toEqual(['first', 'first']);
  });

  it('takes a delete back too', async () => {
    const ledger = await openLedger(ranged);
    await ledger.put('old', 'first');
    await ledger.put('other', 'first');
    const deleted: TransactWriteItem = { Delete: { TableName, Key: ledger.key('old') } };
    const refused = putting(ledger, 'other', 'second', 'attribute_not_exists(book)');
    expect(await ledger.transact(deleted, updating(ledger, 'new', 'first'), refused)).toBe('TransactionCanceledException');
    expect([await ledger.textOf('old'), await ledger.textOf('new')]).toEqual(['first', undefined]);
    expect(await ledger.transact(deleted)).toBe('done');
    expect(await ledger.textOf('old')).toBeUndefined();
  });
});

describe('DynamoDB refuses, and so does the emulator,', () => {
  /** As PartiQL, in which the log and the permits are written. */
  const inserting = (page: string, text: string) => ({
    Statement: `INSERT INTO "${TableName}" VALUE {'book': 'a', 'page': ?, 'text': ?}`,
    Parameters: [{ S: page }, { S: text }],
  });
  const large = 'x'.repeat(390_000);
  const pages = (count: number) => Array.from({ length: count }, (_, page) => String(page));

  it('a transaction of more than 4 MB, and writes nothing of it', async () => {
    const ledger = await openLedger(true);
    expect(await ledger.transact(...pages(11).map((page) => putting(ledger, page, large)))).toBe('ValidationException');
    expect(await ledger.execute(...pages(11).map((page) => inserting(page, large)))).toBe('ValidationException');
    expect(await ledger.textOf('0')).toBeUndefined();
    expect(await ledger.execute(...pages(10).map((page) => inserting(page, large)))).toBe('done');
  });

  it('two actions on one item', async () => {
    const ledger = await openLedger(true);
    expect(await ledger.transact(putting(ledger, 'one', 'first'), updating(ledger, 'one', 'second'))).toBe('ValidationException');
    expect(await ledger.execute(inserting('one', 'first'), inserting('one', 'second'))).toBe('ValidationException');
    expect(await ledger.execute(inserting('one', 'first'), changing('one', 'second'))).toBe('ValidationException');
    expect(await ledger.textOf('one')).toBeUndefined();
  });

  it('an UPDATE of an item that does not exist', async () => {
    const ledger = await openLedger(true);
    expect(await ledger.execute(changing('none', 'first'))).toBe('TransactionCanceledException');
    expect(await ledger.state(changing('none', 'first'))).toBe('ConditionalCheckFailedException');
    expect(await ledger.textOf('none')).toBeUndefined();
    await ledger.put('some', 'first');
    expect(await ledger.execute(changing('some', 'second'))).toBe('done');
    expect(await ledger.textOf('some')).toBe('second');
  });

  const changing = (page: string, text: string) => ({
    Statement: `UPDATE "${TableName}" SET text = ? WHERE book = 'a' AND page = ?`,
    Parameters: [{ S: text }, { S: page }],
  });
});

it('writes a thousand items within seconds, though each transaction can be taken back', async () => {
  const ledger = await openLedger(true);
  for (let batch = 0; batch < 10; batch += 1) {
    const puts = Array.from({ length: 100 }, (_, index) => putting(ledger, `${batch} ${index}`, 'x'.repeat(2000)));
    expect(await ledger.transact(...puts)).toBe('done');
  }
});

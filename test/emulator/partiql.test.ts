import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { useEmulator } from './use';

const emulator = useEmulator();
const TableName = 'ledger';

const openLedger = async () => {
  const dynamo = (await emulator.account()).client(DynamoDBClient);
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: ['book', 'page'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'book', KeyType: 'HASH' },
        { AttributeName: 'page', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  return {
    dynamo,
    pages: async () => {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({ TableName, KeyConditionExpression: 'book = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } }),
      );
      return Items.map(({ page, text }) => `${page?.S} ${text?.S}`);
    },
  };
};

const insertion = (page: string, text: AttributeValue) => ({
  Statement: `INSERT INTO "${TableName}" VALUE {'book': 'a', 'page': ?, 'text': ?}`,
  Parameters: [{ S: page }, text],
});

describe('an INSERT of PartiQL', () => {
  it('writes an item that is new, and refuses one that is there', async () => {
    const { dynamo, pages } = await openLedger();
    expect((await dynamo.send(new ExecuteStatementCommand(insertion('1', { S: "it's" })))).Items).toEqual([]);
    await expect(dynamo.send(new ExecuteStatementCommand(insertion('1', { S: 'other' })))).rejects.toMatchObject({
      name: 'DuplicateItemException',
      message: 'Duplicate primary key exists in table',
    });
    expect(await pages()).toEqual(["1 it's"]);
  });

  it('of several writes all or none, and says which is there', async () => {
    const { dynamo, pages } = await openLedger();
    const all = (...numbers: readonly string[]) =>
      dynamo.send(new ExecuteTransactionCommand({ TransactStatements: numbers.map((page) => insertion(page, { S: 'x' })) }));
    await all('1', '2');
    await expect(all('3', '2')).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, DuplicateItem]',
      CancellationReasons: [{ Code: 'None' }, { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' }],
    });
    expect(await pages()).toEqual(['1 x', '2 x']);
  });

  it('takes no item over 400 KB', async () => {
    const { dynamo, pages } = await openLedger();
    const insert = (size: number) => dynamo.send(new ExecuteStatementCommand(insertion(String(size), { S: 'x'.repeat(size) })));
    await expect(insert(410_000)).rejects.toMatchObject({ name: 'ValidationException' });
    await insert(400_000);
    expect(await pages()).toHaveLength(1);
  });

  it('of one among several that race for a key, writes one', async () => {
    const { dynamo, pages } = await openLedger();
    const ends = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((text) => dynamo.send(new ExecuteStatementCommand(insertion('1', { S: text })))),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await pages()).toHaveLength(1);
  });
});

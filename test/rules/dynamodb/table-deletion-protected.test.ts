import { DescribeTableCommand, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { table } from '../../../rules/dynamodb/table/resource';
import rule from '../../../rules/dynamodb/table-deletion-protected';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { newTable } from './new-table';

describeRule(rule, {
  violations: {
    'a table without protection': {
      seed: newTable(),
      async fixed(world, TableName) {
        const { Table } = await world.send(new DescribeTableCommand({ TableName }));
        expect(Table).toMatchObject({ DeletionProtectionEnabled: true, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
      },
    },
    'a table of provisioned capacity': {
      seed: newTable({ ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2 } }),
      async fixed(world, TableName) {
        const { Table } = await world.send(new DescribeTableCommand({ TableName }));
        expect(Table?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 3, WriteCapacityUnits: 2 });
      },
    },
    'a table whose protection was taken away': {
      async seed(world) {
        const TableName = await newTable({ DeletionProtectionEnabled: true })(world);
        await world.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
        return TableName;
      },
    },
  },
  compliant: { 'a protected table': { seed: newTable({ DeletionProtectionEnabled: true }) } },
  missing: 'no-such-table',
});

const resource = {
  type: table.type,
  id: 't',
  arn: 'arn:aws:dynamodb:eu-west-1:1:table/t',
  partition: 'aws',
  account: '1',
  region: 'eu-west-1',
};
const answering = (Table: object): Aws => ({ send: async () => ({ Table }) as never });
const planned = async (Table: object) => {
  const state = await rule.inspect(resource, answering(Table));
  return state === notFound ? 'gone' : rule.plan(resource, state, { parameters: {}, detectedBy: 'DynamoDB.6', now: new Date(0) });
};

it.each([
  ['CREATING', { blocked: expect.stringContaining('CREATING'), code: 'being-modified' }],
  ['UPDATING', { blocked: expect.stringContaining('UPDATING'), code: 'being-modified' }],
  ['ARCHIVED', { unfixable: expect.stringContaining('ARCHIVED'), code: 'not-available' }],
  ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', { unfixable: expect.stringContaining('INACCESSIBLE'), code: 'not-available' }],
  ['DELETING', 'gone'],
])('leaves alone a table that is %s', async (TableStatus, expected) => {
  expect(await planned({ TableStatus })).toEqual(expected);
});

it('does not mind how a protected table is', async () => {
  expect(await rule.inspect(resource, answering({ TableStatus: 'UPDATING', DeletionProtectionEnabled: true }))).toEqual({
    isProtected: true,
  });
});

it('lists the tables of all pages', async () => {
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(ListTablesCommand);
      const { ExclusiveStartTableName } = command.input as { ExclusiveStartTableName?: string };
      return (
        ExclusiveStartTableName === 'carts' ? { TableNames: ['orders'] } : { TableNames: ['carts'], LastEvaluatedTableName: 'carts' }
      ) as Output;
    },
  };
  expect(await rule.list?.(resource, aws)).toEqual(['carts', 'orders']);
});

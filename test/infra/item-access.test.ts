import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  accessOfControl,
  accessOfNotify,
  accessOfRule,
  keys,
  openIndex,
  orderKeys,
  type TableAccess,
} from '../../functions/coordination/keys';
import { allow, allowItems, onKeys } from '../../infra/statement';
import type { Rule } from '../../rules/rule';
import { type Statement, verdict } from '../emulator/gateway/permissions/statement';

const arnOf = (table: string) => `arn:aws:dynamodb:eu-west-1:111122223333:table/posture-${table}`;
const tableOf = (name: string) => ({ tableArn: arnOf(name) }) as Table;
const tables = ['orders', 'coordination'] as const;
type TableName = (typeof tables)[number];

const statementsFor = (access: TableAccess): readonly Statement[] =>
  tables.flatMap((table) => allowItems(tableOf(table), access[table])).map((one) => one.toStatementJson() as Statement);

const bucket = { type: 'AWS::S3::Bucket', arn: 'arn:{partition}:s3:::{name}' };
const roleOf = (id: string) => statementsFor(accessOfRule({ id, resource: bucket } as unknown as Pick<Rule, 'id' | 'resource'>));
const rule = roleOf('r');
const control = statementsFor(accessOfControl);
const notify = statementsFor(accessOfNotify);

const said = (statements: readonly Statement[], action: string, table: TableName, key?: string) =>
  verdict(
    statements,
    {
      action: `dynamodb:${action}`,
      resource: arnOf(table),
      ...(key !== undefined && { context: { 'dynamodb:LeadingKeys': key } }),
    },
    {},
  );

const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'];
const actions = [...writes, 'GetItem', 'BatchGetItem', 'ConditionCheckItem', 'Query', 'Scan', 'PartiQLSelect'];
const account = '111122223333';
const arn = 'arn:aws:s3:::reports';

/** Everything that could be of a rule, of both tables. */
const own = (id: string): Readonly<Record<TableName, readonly string[]>> => ({
  orders: [orderKeys.approval(id, '01J'), orderKeys.rollback(id, '01J'), orderKeys.hold(id, arn), orderKeys.breaker(id, account)],
  coordination: [
    ...[keys.open(id, arn), keys.permit(id, '01J', 1), keys.ask(id, arn), keys.fixes(id, arn), keys.cooldown(id, 'evaluate')],
    ...[keys.breaker(id), keys.breaker(id, account), keys.count(`rule ${id}`, '2026-11-24T13')],
  ],
});

describe('the role of a rule', () => {
  it.each(tables)('can use each of its own items in %s', (table) => {
    for (const key of own('r')[table]) {
      const allowed = actions.filter((action) => said(rule, action, table, key) === 'allowed');
      expect([key, allowed.length]).toEqual([key, expect.any(Number)]);
      expect(allowed).not.toEqual([]);
    }
  });

  it.each(tables)('can do nothing with the items of another rule in %s, even of one whose name begins alike', (table) => {
    for (const other of ['other', 'r-too', 'r2']) {
      for (const key of own(other)[table]) {
        expect([key, actions.filter((action) => said(rule, action, table, key) === 'allowed')]).toEqual([key, []]);
      }
    }
  });

  it('can write no order at all', () => {
    for (const key of [orderKeys.stop, ...own('r').orders, ...own('other').orders]) {
      for (const action of writes) expect([key, action, said(rule, action, 'orders', key)]).toEqual([key, action, 'not-allowed']);
    }
  });

  it('can count where all count, and read there, and no more', () => {
    for (const key of [keys.count('all', '2026-11-24'), keys.count(`account ${account}`, '2026-11-24T13')]) {
      const allowed = actions.filter((action) => said(rule, action, 'coordination', key) === 'allowed');
      expect(allowed).toEqual(['UpdateItem', 'BatchGetItem']);
    }
  });
});

describe.each([
  ['a rule', rule],
  ['the control function', control],
  ['the notification function', notify],
])('the role of %s', (_, statements) => {
  it.each(tables)('can make no call on %s that names no key', (table) => {
    for (const action of actions) expect([action, said(statements, action, table)]).toEqual([action, 'not-allowed']);
  });

  it('is judged with the key: without that condition, a call without a key would be allowed', () => {
    const lenient = statements.map(({ Condition, ...rest }) => {
      const { Null: _null, ...others } = Condition ?? {};
      return { ...rest, Condition: others };
    });
    expect(actions.filter((action) => said(lenient, action, 'coordination') === 'allowed')).not.toEqual([]);
  });
});

it('the control function lists what is open by the index, and nothing else by it', () => {
  const index = `${arnOf('coordination')}/index/${openIndex.name}`;
  const query = [allow(['dynamodb:Query'], index, onKeys(openIndex.remediation, openIndex.breaker)).toStatementJson() as Statement];
  const asked = (key?: string) =>
    verdict(
      query,
      { action: 'dynamodb:Query', resource: index, ...(key !== undefined && { context: { 'dynamodb:LeadingKeys': key } }) },
      {},
    );
  expect([asked('open'), asked('breaker'), asked('other'), asked()]).toEqual(['allowed', 'allowed', 'not-allowed', 'not-allowed']);
});

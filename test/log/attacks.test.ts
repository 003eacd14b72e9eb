import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { loadRules } from '../../functions/catalogue/catalogue';
import { systemClock } from '../../functions/clock';
import { chain } from '../../functions/log/chain';
import type { LogEvent, Subject } from '../../functions/log/event';
import { itemOf } from '../../functions/log/item';
import { dynamoLog } from '../../functions/log/log';
import { logTable } from '../../infra/central/log-table';
import { tableAdministrators } from '../../infra/central/table-policy';
import { functionRole } from '../../infra/remediator/function-role';
import { createTables } from '../cli/central';
import type { Account } from '../emulator/account';
import type { Statement } from '../emulator/gateway/permissions/statement';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const rule = 's3-bucket-versioning-enabled';
const other = 's3-bucket-tls-required';
const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
const TableName = 'posture-log';
let account: Account;

/** What CloudFormation makes of a value: parameters by their defaults, in the account of the test. */
function deployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deployed);
  if (typeof value !== 'object' || value === null) return value;
  const {
    Ref,
    'Fn::Join': join,
    'Fn::GetAtt': attribute,
  } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: unknown };
  if (join) return (deployed(join[1]) as string[]).join(join[0]);
  if (attribute !== undefined) return `arn:aws:dynamodb:eu-west-1:${account.account}:table/${TableName}`;
  const known: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': 'eu-west-1',
    'AWS::AccountId': account.account,
    BreakGlassRole: 'posture-break-glass',
    DeploymentRole: 'cdk-*-cfn-exec-role-*',
  };
  if (Ref !== undefined) return known[Ref] ?? Ref;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deployed(one)]));
}

beforeAll(async () => {
  account = await emulator.account();
  await createTables(account);
  const stack = new Stack(new App(), 'Posture');
  const table = logTable(stack, tableAdministrators(stack));
  const { ResourcePolicy } = Object.values(Template.fromStack(stack).findResources('AWS::DynamoDB::Table'))[0]?.Properties ?? {};
  const Policy = JSON.stringify(deployed(ResourcePolicy.PolicyDocument));
  const ResourceArn = `arn:aws:dynamodb:eu-west-1:${account.account}:table/${TableName}`;
  await account.client(DynamoDBClient).send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
  const entry = loadRules().find((one) => one.rule.id === rule);
  if (!entry) throw new Error(`No rule ${rule}.`);
  const { statements } = functionRole({
    rule: entry.rule,
    log: table,
    coordination: table,
    orders: table,
    inMembers: {} as never,
    policy: { configurationArn: '*' },
  });
  grant(`posture-function-${rule}`, deployed(stack.resolve(statements.map((one) => one.toStatementJson()))) as readonly Statement[]);
  for (const name of ['administrator', 'posture-break-glass', `cdk-hnb659fds-cfn-exec-role-${account.account}-eu-west-1`])
    grant(name, [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
});
beforeEach(() => emulator.gateway.enforce({ on: true }));
afterEach(() => emulator.gateway.enforce({ on: false }));

const roleArn = (name: string) => `arn:aws:iam::${account.account}:role/${name}`;
const grant = (name: string, statements: readonly Statement[]) => emulator.gateway.grant(roleArn(name), statements);

/** A client with a session of the role, and its `aws:userid`. */
async function as(name: string): Promise<{ readonly dynamo: DynamoDBClient; readonly userId: string }> {
  const { Credentials, AssumedRoleUser } = await account
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: 'mallory' }));
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  return {
    dynamo: new DynamoDBClient({ ...account.configuration, credentials }),
    userId: AssumedRoleUser?.AssumedRoleId ?? '',
  };
}

const ended = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: Error) => error.name,
  );

let count = 0;
const eventIn = (about: string): LogEvent => {
  const subject: Subject = {
    remediation,
    rule: about,
    version: '1',
    finding: 'f',
    source: 'security-hub',
    detectedBy: 'S3.14',
    partition: 'aws',
    account: account.account,
    region: 'eu-west-1',
    resource: 'arn:aws:s3:::b',
    resourceType: 'AWS::S3::Bucket',
  };
  // Another sequence each time: no attack fails only because an item is there.
  count += 1;
  const { hash: _, ...event } = chain(subject, undefined, { kind: 'planned', reason: 'Because.', actor: 'me' }, systemClock.now());
  return { ...event, sequence: 1000 + count, hash: 'x' };
};
const itemIn = (trail: string) => itemOf(eventIn(rule), trail);
const insertion = (item: Record<string, AttributeValue>) => ({
  Statement: `INSERT INTO "${TableName}" VALUE {${Object.keys(item)
    .map((name) => `'${name}': ?`)
    .join(', ')}}`,
  Parameters: Object.values(item),
});
const insert = (dynamo: DynamoDBClient, trail: string) => ended(dynamo.send(new ExecuteStatementCommand(insertion(itemIn(trail)))));
const insertAll = (dynamo: DynamoDBClient, ...trails: readonly string[]) =>
  ended(dynamo.send(new ExecuteTransactionCommand({ TransactStatements: trails.map((trail) => insertion(itemIn(trail))) })));
const denied = 'AccessDeniedException';

/** Every write but an INSERT, on an item that is there or is not. */
const otherWrites = (dynamo: DynamoDBClient, trail: string): readonly Promise<string>[] => {
  const Key = { trail: { S: trail }, sequence: { N: '1' } };
  const Item = itemIn(trail);
  const where = `WHERE "trail" = '${trail}' AND "sequence" = 1`;
  return [
    ended(dynamo.send(new PutItemCommand({ TableName, Item }))),
    ended(
      dynamo.send(
        new UpdateItemCommand({ TableName, Key, UpdateExpression: 'SET actor = :a', ExpressionAttributeValues: { ':a': { S: 'b' } } }),
      ),
    ),
    ended(dynamo.send(new DeleteItemCommand({ TableName, Key }))),
    ended(dynamo.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } }))),
    ended(dynamo.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] }))),
    ended(dynamo.send(new ExecuteStatementCommand({ Statement: `UPDATE "${TableName}" SET "actor" = 'b' ${where}` }))),
    ended(dynamo.send(new ExecuteStatementCommand({ Statement: `DELETE FROM "${TableName}" ${where}` }))),
  ];
};

describe("the role of a rule's function", () => {
  const own = `${rule}/${remediation}`;

  it('inserts into its own trails and reads them, through the log', async () => {
    const { dynamo } = await as(`posture-function-${rule}`);
    const log = dynamoLog(dynamo, TableName, { by: 'rule', rule });
    const { sequence: _, time: __, previous: ___, hash: ____, ...event } = eventIn(rule);
    const first = chain(event, undefined, event, systemClock.now());
    await log.append([first, chain(event, first, event, systemClock.now())]);
    expect(await log.read(remediation)).toHaveLength(2);
    expect(await insert(dynamo, own)).toBe('done');
  });

  it('rewrites nothing: an item that is there stays as it is, also in a transaction', async () => {
    const { dynamo } = await as(`posture-function-${rule}`);
    const item = itemIn(own);
    await dynamo.send(new ExecuteStatementCommand(insertion(item)));
    expect(await ended(dynamo.send(new ExecuteStatementCommand(insertion({ ...item, reason: { S: 'Another.' } }))))).toBe(
      'DuplicateItemException',
    );
    const both = new ExecuteTransactionCommand({ TransactStatements: [insertion(itemIn(own)), insertion(item)] });
    await expect(dynamo.send(both)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'DuplicateItem' }],
    });
    expect(await Promise.all(otherWrites(dynamo, own))).toEqual(Array(7).fill(denied));
  });

  it.each([
    `${other}/${remediation}`,
    `${rule}-too/${remediation}`,
    `control/${rule}/${remediation}`,
    `control/posture/${remediation}`,
    `local/AROAEXAMPLE:alice/${rule}/${remediation}`,
  ])('neither writes nor reads %s', async (trail) => {
    const { dynamo } = await as(`posture-function-${rule}`);
    expect(await insert(dynamo, trail)).toBe(denied);
    expect(await insertAll(dynamo, own, trail)).toBe(denied);
    expect(await ended(dynamo.send(new BatchExecuteStatementCommand({ Statements: [insertion(itemIn(trail))] })))).toBe(denied);
    const read = new QueryCommand({
      TableName,
      KeyConditionExpression: 'trail = :trail',
      ExpressionAttributeValues: { ':trail': { S: trail } },
    });
    expect(await ended(dynamo.send(read))).toBe(denied);
  });
});

describe('an administrator of the account', () => {
  it('writes only trails of the own command line', async () => {
    const { dynamo, userId } = await as('administrator');
    expect(userId).toMatch(/:mallory$/);
    expect(await insert(dynamo, `local/${userId}/${rule}/${remediation}`)).toBe('done');
    for (const trail of [
      `${rule}/${remediation}`,
      `control/${rule}/${remediation}`,
      `local/AROAEXAMPLE:alice/${rule}/${remediation}`,
      `local/${userId}x/${rule}/${remediation}`,
      `x${userId}/${rule}`,
    ]) {
      expect([trail, await insert(dynamo, trail)]).toEqual([trail, denied]);
      expect(await insertAll(dynamo, `local/${userId}/${rule}/${remediation}`, trail)).toBe(denied);
    }
    expect(await Promise.all(otherWrites(dynamo, `local/${userId}/${rule}/${remediation}`))).toEqual(Array(7).fill(denied));
  });

  it('does not change the table, as whom CloudFormation deploys and who breaks the glass do', async () => {
    const ResourceArn = `arn:aws:dynamodb:eu-west-1:${account.account}:table/${TableName}`;
    const change = (dynamo: DynamoDBClient) => ended(dynamo.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })));
    const { dynamo } = await as('administrator');
    expect(await change(dynamo)).toBe(denied);
    expect(await ended(dynamo.send(new DeleteTableCommand({ TableName })))).toBe(denied);
    expect(await ended(dynamo.send(new PutResourcePolicyCommand({ ResourceArn, Policy: '{}' })))).toBe(denied);
    for (const name of ['posture-break-glass', `cdk-hnb659fds-cfn-exec-role-${account.account}-eu-west-1`])
      expect(await change((await as(name)).dynamo)).toBe('done');
  });
});

import {
  type AttributeValue,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  GetResourcePolicyCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { loadRules } from '../../functions/catalogue/catalogue';
import { keys, orderKeys } from '../../functions/coordination/keys';
import { type Account, assumeRole, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { useEmulator } from '../emulator/use';
import { synthesized, temporaryFolder } from '../infra/synthesized';

const emulator = useEmulator();
const outdir = temporaryFolder('attacks');
const [rule, other] = ['s3-bucket-versioning-enabled', 's3-bucket-tls-required'];
const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
const bucket = 'arn:aws:s3:::bucket';
// With a tool that requests remediations, there is a function for that.
const policy = 'requesters: { siem: { principals: ["arn:aws:iam::444455556666:role/Siem"], rules: ["*"] } }';
const denied = 'AccessDeniedException';
const tables = { log: 'posture-log', orders: 'posture-orders', coordination: 'posture-coordination' };
const cloudFormation = () => `cdk-hnb659fds-cfn-exec-role-${account.account}-eu-west-1`;

let account: Account;
beforeAll(async () => {
  const entries = loadRules().filter((one) => [rule, other].includes(one.rule.id));
  account = await emulator.account();
  await deployStacks(account, (await synthesized(outdir, { entries, policy })).assembly, ['PostureMember', 'Posture']);
  // What an account has besides: roles that may do everything, as far as no table denies it.
  for (const name of ['administrator', 'posture-break-glass', cloudFormation()])
    emulator.gateway.grant(roleArn(name), [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
});
beforeEach(() => emulator.gateway.enforce({ on: true }));
afterEach(() => emulator.gateway.enforce({ on: false }));

const roleArn = (name: string) => `arn:aws:iam::${account.account}:role/${name}`;
const clients: DynamoDBClient[] = [];
afterAll(() => {
  for (const one of clients) one.destroy();
});

/** A client of a session of the role; with a function, as the code of that function has it. */
async function as(name: string, functionName?: string): Promise<DynamoDBClient> {
  const role = roleArn(name);
  const credentials = await (functionName
    ? functionCredentials(emulator.gateway, { role, name: functionName })
    : assumeRole(emulator.gateway, role));
  const client = new DynamoDBClient({ ...account.configuration, credentials });
  clients.push(client);
  return client;
}
const asRule = (id = rule) => as(`posture-function-${id}`, `posture-rule-${id}`);
const asControl = () => as('posture-function-control', 'posture-control');
const asRequests = () => as('posture-function-requests', 'posture-requests');
const asNotify = () => as('posture-function-notify', 'posture-notify');

const ended = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: Error) => error.name,
  );

let count = 0;
const insert = (dynamo: DynamoDBClient, trail?: string) => {
  // Another sequence each time: no attack fails only because an item is there.
  count += 1;
  const item: Record<string, AttributeValue> = { ...(trail && { trail: { S: trail } }), sequence: { N: `${1000 + count}` } };
  const fields = Object.keys(item).map((name) => `'${name}': ?`);
  const Statement = `INSERT INTO "${tables.log}" VALUE {${fields.join(', ')}}`;
  return ended(dynamo.send(new ExecuteStatementCommand({ Statement, Parameters: Object.values(item) })));
};

/** Every way to write an item but an INSERT. */
const writes = (dynamo: DynamoDBClient, TableName: string, Key: Record<string, AttributeValue>): readonly Promise<string>[] => {
  const where = Object.entries(Key).map(([name, { S, N }]) => `"${name}" = ${N ?? `'${S}'`}`);
  return [
    ended(dynamo.send(new PutItemCommand({ TableName, Item: Key }))),
    ended(
      dynamo.send(
        new UpdateItemCommand({ TableName, Key, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: 'b' } } }),
      ),
    ),
    ended(dynamo.send(new DeleteItemCommand({ TableName, Key }))),
    ended(dynamo.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }] } }))),
    ended(dynamo.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key } }] }))),
    ended(dynamo.send(new ExecuteStatementCommand({ Statement: `UPDATE "${TableName}" SET "a" = 'b' WHERE ${where.join(' AND ')}` }))),
    ended(dynamo.send(new ExecuteStatementCommand({ Statement: `DELETE FROM "${TableName}" WHERE ${where.join(' AND ')}` }))),
  ];
};
const onItem = async (dynamo: DynamoDBClient, table: 'orders' | 'coordination', key: string) => [
  ...new Set(await Promise.all(writes(dynamo, tables[table], { key: { S: key } }))),
];

describe('the log, as CloudFormation made it', () => {
  it('takes events of the function of a rule in its own trails alone: it forges none of others', async () => {
    const dynamo = await asRule();
    expect(await insert(dynamo, `${rule}/${remediation}`)).toBe('done');
    for (const trail of [`${other}/x`, `${rule}-x/x`, `control/${rule}/x`, `control/posture/x`, `local/AROA:me/${rule}/x`])
      expect([trail, await insert(dynamo, trail)]).toEqual([trail, denied]);
  });

  it('takes events of the control function in its own trails alone: it plants no plan for a rule to take back', async () => {
    const dynamo = await asControl();
    expect(await insert(dynamo, `control/${rule}/${remediation}`)).toBe('done');
    for (const trail of [`${rule}/x`, `controls/${rule}/x`, `local/AROA:me/${rule}/x`])
      expect([trail, await insert(dynamo, trail)]).toEqual([trail, denied]);
  });

  it('takes refusals of the function for requests in its own trails alone', async () => {
    const dynamo = await asRequests();
    expect(await insert(dynamo, `requests/${rule}/${remediation}`)).toBe('done');
    for (const trail of [`${rule}/x`, `control/${rule}/x`, `request/${rule}/x`, 'local/AROA:me/x'])
      expect([trail, await insert(dynamo, trail)]).toEqual([trail, denied]);
    for (const key of [orderKeys.stop, orderKeys.approval(rule, remediation)])
      expect(await onItem(dynamo, 'orders', key)).toEqual([denied]);
    expect(await onItem(dynamo, 'coordination', keys.open(rule, bucket))).toEqual([denied]);
    for (const writer of [await asRule(), await asControl()]) expect(await insert(writer, `requests/${rule}/x`)).toBe(denied);
  });

  it('takes nothing of the notification function, nor of who may do everything', async () => {
    for (const dynamo of [await asNotify(), await as('administrator')])
      for (const trail of [`${rule}/x`, `control/${rule}/x`, 'local/AROA:me/x']) expect(await insert(dynamo, trail)).toBe(denied);
  });

  it('is altered by nobody at all', async () => {
    const Key = { trail: { S: `${rule}/${remediation}` }, sequence: { N: '1' } };
    const everybody = [asRule(), asControl(), ...['administrator', 'posture-break-glass', cloudFormation()].map((name) => as(name))];
    for (const dynamo of await Promise.all(everybody))
      expect(await Promise.all(writes(dynamo, tables.log, Key))).toEqual(Array(7).fill(denied));
  });
});

describe('a call that names no key', () => {
  it('is refused to our functions, and an event without a trail to everybody', async () => {
    for (const dynamo of [await asRule(), await asControl(), await asNotify()])
      for (const TableName of Object.values(tables)) {
        const Statement = `SELECT * FROM "${TableName}"`;
        expect([TableName, await ended(dynamo.send(new ScanCommand({ TableName })))]).toEqual([TableName, denied]);
        expect([TableName, await ended(dynamo.send(new ExecuteStatementCommand({ Statement })))]).toEqual([TableName, denied]);
      }
    for (const dynamo of [await asRule(), await asControl(), await as('administrator')]) expect(await insert(dynamo)).toBe(denied);
  });
});

describe('what people said', () => {
  const said = [
    orderKeys.stop,
    orderKeys.approval(rule, remediation),
    orderKeys.rollback(rule, remediation),
    orderKeys.hold(rule, bucket),
    orderKeys.breaker(rule),
  ];

  it.each(said)('is written by no function of a rule, not even %s about itself', async (key) => {
    for (const dynamo of [await asRule(), await asNotify(), await as('administrator'), await as(cloudFormation())])
      expect(await onItem(dynamo, 'orders', key)).toEqual([denied]);
  });

  it('is written by the control function, which a rule of the same word can not pretend to be', async () => {
    const stopping = { TableName: tables.orders, Item: { key: { S: 'stop' } } };
    expect(await ended((await asControl()).send(new PutItemCommand(stopping)))).toBe('done');
    // The role of another function, in the control function's name, and its own role outside of it.
    for (const dynamo of [await as(`posture-function-${rule}`, 'posture-control'), await as('posture-function-control')])
      expect(await ended(dynamo.send(new PutItemCommand(stopping)))).toBe(denied);
  });

  it('about one rule is not read by another', async () => {
    const key = { S: orderKeys.rollback(other, remediation) };
    const get = new GetItemCommand({ TableName: tables.orders, Key: { key } });
    expect([await ended((await asRule()).send(get)), await ended((await asRule(other)).send(get))]).toEqual([denied, 'done']);
  });
});

describe('what a rule coordinates', () => {
  const of = (id: string) => [
    keys.open(id, bucket),
    keys.permit(id, remediation, 1),
    keys.ask(id, bucket),
    keys.fixes(id, bucket),
    keys.breaker(id),
    keys.breaker(id, '111122223333'),
    keys.count(`rule ${id}`, '2026-11-24T13'),
    keys.cooldown(id, 'evaluate'),
    keys.queue(`rule ${id}`, 'hour'),
    keys.turn(id, bucket),
    keys.handedOn(id, 'event'),
  ];

  it('is its own: another rule writes nothing there', async () => {
    const dynamo = await asRule();
    for (const key of of(other)) expect([key, await onItem(dynamo, 'coordination', key)]).toEqual([key, [denied]]);
    for (const key of of(rule)) expect([key, await onItem(dynamo, 'coordination', key)]).toEqual([key, expect.arrayContaining(['done'])]);
  });

  it('is not written by the control function, which could then let a change through, nor by the notification function', async () => {
    const [control, notify] = [await asControl(), await asNotify()];
    for (const key of [
      keys.open(rule, bucket),
      keys.permit(rule, remediation, 1),
      keys.fixes(rule, bucket),
      keys.breaker(rule),
      'lease x',
    ]) {
      expect([key, await onItem(control, 'coordination', key)]).toEqual([key, [denied]]);
      expect([key, await onItem(notify, 'coordination', key)]).toEqual([key, [denied]]);
    }
  });

  it('is not written with credentials that were taken out of the function', async () => {
    const taken = await as(`posture-function-${rule}`);
    for (const key of of(rule)) expect([key, await onItem(taken, 'coordination', key)]).toEqual([key, [denied]]);
    expect(await insert(taken, `${rule}/${remediation}`)).toBe(denied);
  });
});

describe('a retained table', () => {
  const retained = [tables.log, tables.orders];
  const changes = (TableName: string) => {
    const ResourceArn = `arn:aws:dynamodb:eu-west-1:${account.account}:table/${TableName}`;
    return [
      new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }),
      new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }),
      new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'time', Enabled: true } }),
      new PutResourcePolicyCommand({ ResourceArn, Policy: '{"Version":"2012-10-17","Statement":[]}' }),
      new DeleteResourcePolicyCommand({ ResourceArn }),
      new DeleteTableCommand({ TableName }),
    ];
  };

  it.each(retained)('%s is changed and deleted by none of our functions, nor by who may do everything', async (name) => {
    const named = ['x/cdk-hnb659fds-cfn-exec-role-1-r', 'x/posture-break-glass', 'posture-break-glass-2'];
    for (const role of named) emulator.gateway.grant(roleArn(role), [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
    const everybody = await Promise.all([asRule(), asControl(), asNotify(), ...['administrator', ...named].map((one) => as(one))]);
    for (const dynamo of everybody)
      for (const change of changes(name)) expect(await ended(dynamo.send(change as UpdateTableCommand))).toBe(denied);
  });

  it.each(retained)('%s can be looked at, and its policy read, by anybody whom IAM lets', async (TableName) => {
    const dynamo = await as('administrator');
    const ResourceArn = `arn:aws:dynamodb:eu-west-1:${account.account}:table/${TableName}`;
    expect(await ended(dynamo.send(new DescribeTableCommand({ TableName })))).toBe('done');
    const { Policy = '' } = await dynamo.send(new GetResourcePolicyCommand({ ResourceArn }));
    // DynamoDB takes 20 KB.
    expect(Policy.length).toBeGreaterThan(500);
    expect(Policy.length).toBeLessThan(20_000);
  });

  it.each(retained)('%s gets another policy by the role of CloudFormation, as a second version of the stack needs', async (TableName) => {
    const dynamo = await as(cloudFormation());
    const ResourceArn = `arn:aws:dynamodb:eu-west-1:${account.account}:table/${TableName}`;
    const { Policy } = await dynamo.send(new GetResourcePolicyCommand({ ResourceArn }));
    expect(await ended(dynamo.send(new PutResourcePolicyCommand({ ResourceArn, Policy })))).toBe('done');
  });
});

import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { HourlyReport } from '../../functions/control/hourly/hourly-check';
import { keys } from '../../functions/coordination/keys';
import { badBucket } from './bucket';
import { alice, approvers, type Central, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const policy = { ...unbounded, modes: { default: 'fix' }, approvals: { approvers, fourEyes: false } };
const scheduled = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
const table = 'posture-coordination';
const { id } = plantedRule;

async function opened(
  rule = plantedRule,
): Promise<Central & { check(): Promise<HourlyReport>; used(of: string, period: string): Promise<string | undefined> }> {
  const central = await open({ rules: [rule] });
  await central.deploy({ ...policy, responses: { default: 'fix', limit: { hour: 100 } } });
  const dynamo = central.account.client(DynamoDBClient);
  return {
    ...central,
    check: () => central.control(scheduled, 'hourly') as Promise<HourlyReport>,
    async used(of, period) {
      const Key = { key: { S: keys.count(of, period) } };
      return (await dynamo.send(new GetItemCommand({ TableName: table, Key }))).Item?.used?.N;
    },
  };
}

const setCount = (central: Central, of: string, period: string, used: number) =>
  central.account.client(DynamoDBClient).send(
    new UpdateItemCommand({
      TableName: table,
      Key: { key: { S: keys.count(of, period) } },
      UpdateExpression: 'SET used = :used',
      ExpressionAttributeValues: { ':used': { N: String(used) } },
    }),
  );

async function forgottenAt(central: Central, period: string): Promise<number> {
  const Key = { key: { S: keys.count(`rule ${id}`, period) } };
  const { Item } = await central.account.client(DynamoDBClient).send(new GetItemCommand({ TableName: table, Key }));
  return Number(Item?.forget?.N);
}

describe('every hour, the counters are compared with the log', () => {
  const fixes = async (central: Central, count: number) => {
    central.clock.goTo('2026-11-24T12:30:00Z');
    for (let index = 0; index < count; index += 1)
      expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  };

  it('and where they agree, nothing is said', async () => {
    const central = await opened();
    await fixes(central, 2);
    central.clock.goTo('2026-11-24T13:05:00Z');
    expect(await central.check()).toEqual({ differences: [], altered: [], resumed: 0, stranded: 0, reviewsDue: 0 });
    expect(central.metrics().filter(({ CountersDiffer }) => CountersDiffer !== undefined)).toEqual([]);
  });

  it('a rule that counted less than it logged is stopped by its breaker, in the log and with a notification, until an approver closes it', async () => {
    const central = await opened();
    await fixes(central, 3);
    await setCount(central, `rule ${id}`, '2026-11-24T12', 1);
    central.clock.goTo('2026-11-24T13:05:00Z');
    expect(await central.check()).toMatchObject({ differences: [{ of: `rule ${id}`, logged: 3, counted: 1 }] });
    expect(central.metrics()).toContainEqual(expect.objectContaining({ CountersDiffer: 1 }));
    expect(central.metrics()).toContainEqual(expect.objectContaining({ BreakerOpened: 1 }));
    expect(central.told().at(-1)).toMatchObject({ outcome: 'breaker-open', code: 'counters-differ', rule: { id } });
    expect(await central.find(await badBucket(central.account))).toMatchObject({
      outcome: 'breaker-open',
      reason: expect.stringContaining('open in all accounts'),
    });
    // A repeated delivery says it only once.
    const told = central.told().length;
    await central.check();
    expect(central.told()).toHaveLength(told);
    expect(await central.order({ order: 'close-breaker', rule: id, why: 'the function is as deployed' }, alice)).toMatchObject({
      done: true,
    });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  });

  it('a shared counter that was lowered is raised, once', async () => {
    const central = await opened();
    await fixes(central, 3);
    for (const period of ['2026-11-24T12', '2026-11-24']) await setCount(central, 'all', period, 0);
    central.clock.goTo('2026-11-24T13:05:00Z');
    expect(await central.check()).toMatchObject({ differences: [{ of: 'all', logged: 3, counted: 0 }] });
    expect(await central.check()).toMatchObject({ differences: [] });
    expect([await central.used('all', '2026-11-24T12'), await central.used('all', '2026-11-24')]).toEqual(['3', '3']);
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  });

  it('a shared counter in which a rule never counted is raised, where the policy has a limit there', async () => {
    const central = await opened();
    await fixes(central, 2);
    const account = `account ${central.account.account}`;
    for (const counter of ['all', account])
      for (const period of ['2026-11-24T12', '2026-11-24'])
        await central.account
          .client(DynamoDBClient)
          .send(new DeleteItemCommand({ TableName: table, Key: { key: { S: keys.count(counter, period) } } }));
    central.clock.goTo('2026-11-24T13:05:00Z');
    expect((await central.check()).differences).toMatchObject([
      { of: 'all', logged: 2, counted: 0 },
      { of: account, logged: 2, counted: 0 },
    ]);
    expect([await central.used('all', '2026-11-24'), await central.used(account, '2026-11-24')]).toEqual(['2', '2']);
  });

  it('a response to a threat counts under its own limit alone, and is not missed in the shared ones', async () => {
    const central = await opened({ ...plantedRule, response: true });
    await fixes(central, 2);
    const account = `account ${central.account.account}`;
    expect([await central.used(`rule ${id}`, '2026-11-24T12'), await central.used('all', '2026-11-24T12')]).toEqual(['2', undefined]);
    central.clock.goTo('2026-11-24T13:05:00Z');
    expect((await central.check()).differences).toEqual([]);
    expect(await central.used(account, '2026-11-24')).toBeUndefined();
  });

  it('a remediation that continues a plan of an earlier hour is not taken for one that was not counted', async () => {
    const central = await opened();
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    const dynamo = central.account.client(DynamoDBClient);
    const [planned] = (await central.trail(remediation)).filter(({ kind }) => kind === 'planned');
    const copy = { ...planned, trail: `${id}/${remediation}`, sequence: 900, time: '2026-11-24T15:30:00.000Z' };
    const { marshall } = await import('@aws-sdk/util-dynamodb');
    await dynamo.send(new PutItemCommand({ TableName: 'posture-log', Item: marshall(copy, { removeUndefinedValues: true }) }));
    central.clock.goTo('2026-11-24T16:05:00Z');
    expect(await central.check()).toEqual({ differences: [], altered: [], resumed: 0, stranded: 0, reviewsDue: 0 });
  });

  /** Fixes, whose intents are logged at that time only, as if each worker had died between its permit and its intent. */
  const fixedLate = async (central: Central, count: number, time: string) => {
    const dynamo = central.account.client(DynamoDBClient);
    const { marshall } = await import('@aws-sdk/util-dynamodb');
    const remediations: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { remediation } = await central.find(await badBucket(central.account));
      for (const event of (await central.trail(remediation)).filter(({ kind }) => kind === 'planned')) {
        const Item = marshall({ ...event, trail: `${id}/${remediation}`, time }, { removeUndefinedValues: true });
        await dynamo.send(new PutItemCommand({ TableName: 'posture-log', Item }));
      }
      remediations.push(remediation);
    }
    return remediations;
  };
  const setPermit = (central: Central, remediation: string, at: string) =>
    central.account.client(DynamoDBClient).send(
      new UpdateItemCommand({
        TableName: table,
        Key: { key: { S: keys.permit(id, remediation, 1) } },
        UpdateExpression: 'SET #at = :at',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':at': { S: at } },
      }),
    );

  it.each(['2026-11-24T15:30:00.000Z', '2026-11-30T15:30:00.000Z'])(
    'a plan that was permitted, and logged only at %s, is not taken for one that was not counted',
    async (time) => {
      const central = await opened();
      central.clock.goTo('2026-11-24T12:30:00Z');
      await fixedLate(central, 2, time);
      // The counter of the hour is still there.
      expect(await forgottenAt(central, '2026-11-24T12')).toBeGreaterThan(Date.parse('2026-12-25T00:00:00Z') / 1000);
      central.clock.goTo(time.replace('15:30', '16:05'));
      expect(await central.check()).toEqual({ differences: [], altered: [], resumed: 0, stranded: 0, reviewsDue: 0 });
    },
  );

  it('plans that were not counted are found, though their permits are said to be from earlier, by the counter of that hour', async () => {
    const central = await opened();
    await fixes(central, 1);
    central.clock.goTo('2026-11-24T15:20:00Z');
    const remediations = await fixedLate(central, 2, '2026-11-24T15:30:00.000Z');
    for (const remediation of remediations) await setPermit(central, remediation, '2026-11-24T12:10:00.000Z');
    for (const [period, used] of [
      ['2026-11-24T15', 0],
      ['2026-11-24T12', 2],
    ] as const)
      await setCount(central, `rule ${id}`, period, used);
    central.clock.goTo('2026-11-24T16:05:00Z');
    const difference = { of: `rule ${id}`, hour: '2026-11-24T12', logged: 3, counted: 2 };
    expect(await central.check()).toMatchObject({ differences: [difference] });
    expect(central.told().at(-1)).toMatchObject({
      outcome: 'breaker-open',
      code: 'counters-differ',
      reason: expect.stringContaining('with permits of the hour 2026-11-24T12'),
    });
  });

  it.each(['2026-10-01T12:00:00.000Z', '2026-12-24T12:00:00.000Z', 'long ago'])(
    'a permit of %s does not hide that a plan was not counted',
    async (at) => {
      const central = await opened();
      await fixes(central, 1);
      const [remediation = ''] = await fixedLate(central, 1, '2026-11-24T12:40:00.000Z');
      await setPermit(central, remediation, at);
      await setCount(central, `rule ${id}`, '2026-11-24T12', 1);
      central.clock.goTo('2026-11-24T13:05:00Z');
      expect(await central.check()).toMatchObject({ differences: [{ of: `rule ${id}`, logged: 2, counted: 1 }] });
    },
  );
});

describe('every hour, open remediations whose retry did not come', () => {
  const put = (central: Central, resource: string, attributes: Readonly<Record<string, string>>) =>
    central.account.client(DynamoDBClient).send(
      new PutItemCommand({
        TableName: table,
        Item: {
          key: { S: keys.open(id, resource) },
          open: { S: 'open' },
          ...Object.fromEntries(Object.entries(attributes).map(([name, S]) => [name, { S }])),
        },
      }),
    );

  it('are handled again, by the function of the rule in their key, with the message that they hold', async () => {
    const central = await opened();
    const bucket = await badBucket(central.account);
    const { message } = await messageFor(central, bucket);
    await put(central, 'overdue', { since: '2026-11-24T11:00:00.000Z', next: '2026-11-24T12:40:00.000Z', message, remediation: 'one' });
    await put(central, 'later', { since: '2026-11-24T11:00:00.000Z', next: '2026-11-24T13:00:00.000Z', message, remediation: 'two' });
    await put(central, 'new', { since: '2026-11-24T13:00:00.000Z', message, remediation: 'three' });
    await put(central, 'broken', { since: '2026-11-24T11:00:00.000Z', message: '{', remediation: 'four' });
    central.clock.goTo('2026-11-24T13:05:00Z');
    expect(await central.check()).toEqual({ differences: [], altered: [], resumed: 1, stranded: 1, reviewsDue: 0 });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('are reported, with an alarm, where their rule is not deployed any more', async () => {
    const central = await opened();
    const { message } = await messageFor(central, await badBucket(central.account));
    const Item = { open: { S: 'open' }, since: { S: '2026-11-24T11:00:00.000Z' }, remediation: { S: 'one' }, message: { S: message } };
    const dynamo = central.account.client(DynamoDBClient);
    await dynamo.send(new PutItemCommand({ TableName: table, Item: { key: { S: keys.open('gone-rule', 'arn') }, ...Item } }));
    // What a user makes with the command line is the user's.
    await dynamo.send(
      new PutItemCommand({ TableName: table, Item: { key: { S: keys.open('other-rule', 'arn') }, ...Item, user: { S: 'AIDAEXAMPLE' } } }),
    );
    central.clock.goTo('2026-11-24T13:05:00Z');
    expect(await central.check()).toEqual({ differences: [], altered: [], resumed: 0, stranded: 1, reviewsDue: 0 });
    expect(central.metrics()).toContainEqual(expect.objectContaining({ StrandedRemediations: 1 }));
  });

  it('are not taken from any other event', async () => {
    const central = await opened();
    await expect(central.control({ order: 'stop', why: 'testing' }, 'hourly')).rejects.toThrow('is not a valid request');
  });
});

async function messageFor(central: Central, bucket: string): Promise<{ readonly message: string }> {
  await central.order({ order: 'fix', rule: id, resource: `arn:aws:s3:::${bucket}`, why: 'a message to keep' }, alice);
  const [invocation] = central.messages();
  return { message: JSON.stringify(invocation?.event) };
}

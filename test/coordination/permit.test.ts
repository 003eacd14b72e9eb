import { setTimeout as pause } from 'node:timers/promises';
import {
  type BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '../../functions/clock';
import { forgetFix } from '../../functions/coordination/fixes';
import { keys, orderKeys } from '../../functions/coordination/keys';
import { dynamoOpenRemediations } from '../../functions/coordination/open-remediation';
import { hasPermit, takePermit } from '../../functions/coordination/permit';
import type { Denial, PermitRequest } from '../../functions/coordination/permit-request';
import type { About } from '../../functions/coordination/recorded-state';
import { readRecordedState } from '../../functions/coordination/recorded-state';
import { type Policy, policy } from '../../functions/policy/policy';
import { createOrderTables } from '../contract/order-tables';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const tables = { orders: 'orders', coordination: 'coordination' };
const table = tables.coordination;
const now = new Date('2026-11-24T13:20:00Z');
/** A clock that stands still, but a pause takes its time: where others are in the way, only waiting helps. */
const at = (time: string): Clock => ({ ...systemClock, now: () => new Date(time) });
const clock = at(now.toISOString());
let dynamo: DynamoDBClient;

beforeEach(async () => {
  dynamo = (await emulator.account()).client(DynamoDBClient);
  await createOrderTables(dynamo, tables);
});
afterEach(() => dynamo.destroy());

const limits = (given: object): Policy['limits'] => policy.parse({ limits: { account: {}, all: {}, ...given } }).limits;
const aboutOf = (remediation: string): About => ({
  rule: 'r',
  account: '111122223333',
  resource: `arn:aws:s3:::${remediation}`,
  remediation,
  response: undefined,
});

const openItem = ({ rule, resource, remediation }: ReturnType<typeof aboutOf>): PermitRequest['open'] => ({
  ...{ rule, resource, remediation },
  detectedBy: 'S3.1',
  since: now.toISOString(),
  message: {} as never,
});

const permit = (remediation: string, more: Partial<PermitRequest> = {}, by: Clock = clock): Promise<'granted' | Denial> =>
  takePermit(
    dynamo,
    tables,
    {
      phase: 1,
      about: aboutOf(remediation),
      open: openItem(more.about ?? aboutOf(remediation)),
      limits: limits({}),
      plan: 'hash',
      approved: false,
      continues: false,
      remember: 7,
      past: [],
      ...more,
    },
    by,
  );

const put = (key: string, more: Readonly<Record<string, string>>, TableName = table) =>
  dynamo.send(
    new PutItemCommand({
      TableName,
      Item: { key: { S: key }, ...Object.fromEntries(Object.entries(more).map(([name, S]) => [name, { S }])) },
    }),
  );

const order = (key: string, more: Readonly<Record<string, string>>) => put(key, more, tables.orders);

const usedIn = async (key: string) => (await dynamo.send(new GetItemCommand({ TableName: table, Key: { key: { S: key } } }))).Item?.used?.N;

describe('the caps of responses', () => {
  const of = 'account 111122223333';
  const capped = (member: string, max = 2) => ({ caps: [{ of, what: 'contained resources', max, member }] });
  const members = async (by: Clock = clock) =>
    (await readRecordedState(dynamo, tables, { ...aboutOf('x'), caps: [{ of }] }, by)).capped?.[of];

  it('hold exactly, however many responses come at once', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `bucket-${index}`);
    const answers = await Promise.all(names.map((name) => permit(name, capped(name))));
    expect(answers.filter((one) => one === 'granted')).toHaveLength(2);
    expect(new Set(answers)).toEqual(new Set(['granted', 'limit']));
    expect(await members()).toHaveLength(2);
  });

  it('count a resource once, whichever responses contain it, and how often', async () => {
    for (const remediation of ['one', 'two', 'three']) expect(await permit(remediation, capped('same'))).toBe('granted');
    expect(await members()).toEqual(['same']);
  });

  it('are those of the hour', async () => {
    for (const one of ['one', 'two']) await permit(one, capped(one));
    expect(await permit('three', capped('three'))).toBe('limit');
    const later = at('2026-11-24T14:00:00Z');
    expect(await members(later)).toEqual([]);
    expect(await permit('three', capped('three'), later)).toBe('granted');
  });

  it('may allow nothing at all', async () => {
    expect(await permit('one', capped('one', 0))).toBe('limit');
    expect(await members()).toEqual([]);
  });

  it('are overridden by an approval alone, which counts', async () => {
    await permit('one', capped('one', 1));
    const approval = { hash: 'hash', by: 'b', at: now.toISOString(), why: '', expires: '2026-11-25T00:00:00Z' };
    await order(orderKeys.approval('r', 'two'), approval);
    expect(await permit('two', { ...capped('two', 1), approved: true })).toBe('granted');
    expect(await members()).toEqual(['one', 'two']);
  });
});

describe('a permit', () => {
  const every = limits({ all: { hour: 9, day: 9 }, account: { hour: 9, day: 9 }, rule: { hour: 9, day: 9 } });

  it('is granted, counted under every limit, and remembered with the resource', async () => {
    expect(await permit('one', { limits: every })).toBe('granted');
    const recorded = await readRecordedState(dynamo, tables, aboutOf('one'), clock);
    const once = { hour: 1, day: 1 };
    expect(recorded).toMatchObject({ fixes: [now.toISOString()], used: { all: once, rule: once, account: once } });
  });

  it.each<[string, object, readonly string[]]>([
    ['no limit: the hour of the rule', {}, ['rule r 2026-11-24T13']],
    ['an hour', { all: { hour: 9 } }, ['all 2026-11-24T13', 'rule r 2026-11-24T13']],
    [
      'a day, with its hour',
      { account: { day: 9 } },
      ['account 111122223333 2026-11-24', 'account 111122223333 2026-11-24T13', 'rule r 2026-11-24T13'],
    ],
    ['a day of the rule', { rule: { day: 9 } }, ['rule r 2026-11-24', 'rule r 2026-11-24T13']],
  ])('is only counted where somebody needs that, with %s', async (_, given, counters) => {
    await permit('one', { limits: limits(given) });
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table }));
    const found = Items.flatMap(({ key }) => (key?.S?.startsWith('count ') ? [key.S.slice('count '.length)] : []));
    expect(found.toSorted()).toEqual(counters);
  });

  it('removes the fixes that are not remembered any more, some at a time', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `fix old-${index} hash`);
    const times = Object.fromEntries(names.map((name) => [name, '2026-11-01T00:00:00.000Z']));
    await put(keys.fixes('r', aboutOf('one').resource), times);
    const read = async () => (await readRecordedState(dynamo, tables, aboutOf('one'), clock)).namedFixes.map(([name]) => name);
    await permit('one', { past: await read() });
    expect(await read()).toHaveLength(11);
    await permit('one', { phase: 2, past: (await read()).filter((name) => name.includes('old')) });
    expect(await read()).toEqual(['fix one hash']);
  });

  it('is counted once for one phase of a remediation, and again for the next', async () => {
    expect(await permit('one')).toBe('granted');
    expect(await permit('one')).toBe('granted');
    expect(await usedIn(keys.count('rule r', '2026-11-24T13'))).toBe('1');
    expect(await permit('one', { phase: 2, plan: 'other' })).toBe('granted');
    expect(await usedIn(keys.count('rule r', '2026-11-24T13'))).toBe('2');
    expect((await readRecordedState(dynamo, tables, aboutOf('one'), clock)).fixes).toHaveLength(2);
  });

  it('opens the remediation at once, and neither without the other', async () => {
    const open = dynamoOpenRemediations(dynamo, table, clock);
    const { resource } = aboutOf('one');
    expect(await permit('one', { limits: limits({ all: { hour: 0 } }) })).toBe('limit');
    expect(await open.find('r', resource)).toBeUndefined();
    expect(await permit('one')).toBe('granted');
    const item = (await dynamo.send(new GetItemCommand({ TableName: table, Key: { key: { S: keys.open('r', resource) } } }))).Item;
    expect(item).toMatchObject({ remediation: { S: 'one' }, open: { S: 'open' } });
  });

  it('is not taken while another remediation of the rule and the resource is open', async () => {
    await permit('one');
    expect(await permit('two', { about: { ...aboutOf('one'), remediation: 'two' } })).toBe('busy');
    expect(await usedIn(keys.count('rule r', '2026-11-24T13'))).toBe('1');
  });

  it.each<[string, object]>([
    ['the hour of a rule', { rule: { hour: 1 } }],
    ['the day of a rule', { rule: { day: 1 } }],
    ['the hour of an account', { account: { hour: 1 } }],
    ['the day of an account', { account: { day: 1 } }],
    ['the hour of all', { all: { hour: 1 } }],
    ['the day of all', { all: { day: 1 } }],
  ])('is refused beyond the limit for %s, and counts nothing then', async (_, given) => {
    expect(await permit('one', { limits: limits(given) })).toBe('granted');
    expect(await permit('two', { limits: limits(given) })).toBe('limit');
    const { used, fixes } = await readRecordedState(dynamo, tables, aboutOf('two'), clock);
    expect([used.rule.hour, fixes]).toEqual([1, []]);
  });

  it('is never granted by a limit of none', async () => {
    expect(await permit('one', { limits: limits({ rule: { hour: 0 } }) })).toBe('limit');
  });

  it('begins anew with the next hour', async () => {
    const given = { limits: limits({ all: { hour: 1 } }) };
    expect(await permit('one', given)).toBe('granted');
    expect(await permit('two', given, at('2026-11-24T13:59:59Z'))).toBe('limit');
    expect(await permit('two', given, at('2026-11-24T14:00:00Z'))).toBe('granted');
  });

  it.each([
    ['is missing', undefined],
    ['is of another plan', { hash: 'other', expires: '2026-11-25T00:00:00.000Z' }],
    ['has expired', { hash: 'hash', expires: '2026-11-24T13:19:59.000Z' }],
  ])('is refused where the approval that it rests upon %s', async (_, approval) => {
    if (approval) await order(orderKeys.approval('r', 'one'), approval);
    await put(keys.ask('r', aboutOf('one').resource), { remediation: 'one' });
    expect(await permit('one', { approved: true })).toBe('not-approved');
    expect((await readRecordedState(dynamo, tables, aboutOf('one'), clock)).ask).toBeDefined();
  });

  it('answers what was asked, where it is approved', async () => {
    await order(orderKeys.approval('r', 'one'), { hash: 'hash', expires: '2026-11-25T00:00:00.000Z' });
    await put(keys.ask('r', aboutOf('one').resource), { remediation: 'one' });
    expect(await permit('one', { approved: true })).toBe('granted');
    expect((await readRecordedState(dynamo, tables, aboutOf('one'), clock)).ask).toBeUndefined();
  });

  it.each([
    ['asks', 'ask', 'granted'],
    ['defers', 'defer', 'limit'],
  ])('that is approved goes beyond a limit that %s: %s', async (_, beyond, expected) => {
    await order(orderKeys.approval('r', 'one'), { hash: 'hash', expires: '2026-11-25T00:00:00.000Z' });
    expect(await permit('one', { approved: true, limits: limits({ all: { hour: 0 }, beyond }) })).toBe(expected);
  });
});

it('holds a limit that asks against what was not approved: others may have used it up meanwhile', async () => {
  const given = { limits: limits({ all: { hour: 1 }, beyond: 'ask' }) };
  expect(await permit('one', given)).toBe('granted');
  expect(await permit('two', given)).toBe('limit');
  expect(await usedIn(keys.count('all', '2026-11-24T13'))).toBe('1');
});

it('grants exactly ten of fifty that ask at once, against a limit of ten', async () => {
  const asked = Array.from({ length: 50 }, (_, index) => permit(`remediation-${index}`, { limits: limits({ rule: { hour: 10 } }) }));
  const answers = await Promise.all(asked);
  expect(answers.filter((answer) => answer === 'granted')).toHaveLength(10);
  expect(answers.filter((answer) => answer === 'limit')).toHaveLength(40);
  expect(await usedIn(keys.count('rule r', '2026-11-24T13'))).toBe('10');
});

it.each([
  ['is asked again', 7, true],
  ['is not believed to be empty', 99, false],
])('a record of which DynamoDB leaves keys out for its load %s', async (_, times, read) => {
  await order(orderKeys.stop, { why: 'An incident', by: 'me', at: now.toISOString() });
  const send = dynamo.send.bind(dynamo);
  let left = times;
  jest.spyOn(dynamo, 'send').mockImplementation((async (command: BatchGetItemCommand) => {
    left -= 1;
    return left < 0 ? send(command) : { Responses: {}, UnprocessedKeys: command.input.RequestItems };
  }) as never);
  const recorded = await readRecordedState(dynamo, tables, aboutOf('one'), clock).catch((error: Error) => error.message);
  expect(recorded).toEqual(
    read
      ? expect.objectContaining({ stop: expect.anything() })
      : 'DynamoDB did not return 17 of 17 keys of the tables orders, coordination.',
  );
});

describe('a permit whose plan has changed', () => {
  const changed = { plan: 'other' };
  const held = (plan: string, phase = 1) => hasPermit(dynamo, tables, { rule: 'r', remediation: 'one', phase, plan });

  it('moves to the new plan, and is not counted again, even beyond a limit', async () => {
    const given = { limits: limits({ all: { hour: 1 } }) };
    expect(await permit('one', given)).toBe('granted');
    expect([await held('hash'), await held('other'), await held('hash', 2)]).toEqual([true, false, false]);
    expect(await permit('one', { ...given, ...changed })).toBe('granted');
    expect([await held('hash'), await held('other')]).toEqual([false, true]);
    expect(await usedIn(keys.count('all', '2026-11-24T13'))).toBe('1');
    const { fixes } = await readRecordedState(dynamo, tables, aboutOf('one'), clock);
    expect(fixes).toHaveLength(1);
  });

  it('is counted again in the next hour, if nothing of it is in effect, and only with room for it', async () => {
    const given = { limits: limits({ all: { hour: 1, day: 9 } }) };
    const later = at('2026-11-24T14:10:00Z');
    await permit('one', given);
    expect(await permit('two', given, later)).toBe('granted');
    expect(await permit('one', given, later)).toBe('limit');
    expect(await permit('one', { ...given, continues: true }, later)).toBe('granted');
    expect(await usedIn(keys.count('all', '2026-11-24T14'))).toBe('1');
    expect(await permit('one', given, at('2026-11-24T15:10:00Z'))).toBe('granted');
    expect(await permit('one', given, at('2026-11-24T15:20:00Z'))).toBe('granted');
    expect(await usedIn(keys.count('all', '2026-11-24T15'))).toBe('1');
    expect(await usedIn(keys.count('all', '2026-11-24'))).toBe('2');
  });

  it('remembers its fix again, if that was forgotten', async () => {
    await permit('one');
    await forgetFix(dynamo, table, { ...aboutOf('one'), plan: 'hash' });
    expect((await readRecordedState(dynamo, tables, aboutOf('one'), clock)).fixes).toEqual([]);
    await permit('one');
    expect((await readRecordedState(dynamo, tables, aboutOf('one'), clock)).fixes).toHaveLength(1);
  });

  it('needs an approval of the new plan: that of the old one does not count', async () => {
    const approval = { expires: '2026-11-25T00:00:00.000Z' };
    await order(orderKeys.approval('r', 'one'), { ...approval, hash: 'hash' });
    expect(await permit('one', { approved: true })).toBe('granted');
    expect(await permit('one', { ...changed, approved: true })).toBe('not-approved');
    await order(orderKeys.approval('r', 'one'), { ...approval, hash: 'other' });
    expect(await permit('one', { ...changed, approved: true })).toBe('granted');
    expect(await held('other')).toBe(true);
  });

  it('is not that of another rule or remediation', async () => {
    await permit('one');
    expect(await hasPermit(dynamo, tables, { rule: 'r', remediation: 'two', phase: 1, plan: 'hash' })).toBe(false);
    expect(await hasPermit(dynamo, tables, { rule: 'other', remediation: 'one', phase: 1, plan: 'hash' })).toBe(false);
  });
});

describe('where transactions meet', () => {
  const conflict = (reasons: readonly (string | undefined)[]) =>
    new TransactionCanceledException({
      message: 'Transaction cancelled',
      $metadata: {},
      CancellationReasons: reasons.map((Code = 'None') => ({ Code })),
    });
  const real = () => dynamo.send.bind(dynamo);

  it('it is tried again, until it is granted', async () => {
    const send = real();
    const sent = jest
      .spyOn(dynamo, 'send')
      .mockRejectedValueOnce(conflict([undefined, undefined, undefined, undefined, 'TransactionConflict']) as never)
      .mockRejectedValueOnce(conflict(['TransactionConflict']) as never)
      .mockImplementation(send as never);
    expect(await permit('one')).toBe('granted');
    expect(sent).toHaveBeenCalledTimes(3);
    expect(await usedIn(keys.count('rule r', '2026-11-24T13'))).toBe('1');
  });

  it('a limit that is used up is an answer, though others met elsewhere', async () => {
    const sent = jest
      .spyOn(dynamo, 'send')
      .mockRejectedValueOnce(conflict([undefined, 'TransactionConflict', 'ConditionalCheckFailed']) as never);
    expect(await permit('one', { limits: limits({ all: { hour: 1 } }) })).toBe('limit');
    expect(sent).toHaveBeenCalledTimes(1);
  });

  // As DynamoDB does: of two transactions on one item at one time, one is refused.
  it('no more than the limit is granted of two hundred, who is too late for an answer asks again, and nobody waits for long', async () => {
    const held = new Set<string>();
    const used = new Map<string, number>();
    jest.spyOn(dynamo, 'send').mockImplementation((async ({ input }: TransactWriteItemsCommand) => {
      const items = input.TransactItems ?? [];
      const named = items.map(({ Put, Update, ConditionCheck }) => ({
        written: Boolean(Put || Update),
        key: (Put?.Item ?? Update?.Key ?? ConditionCheck?.Key)?.key?.S ?? '',
        max: Update?.ExpressionAttributeValues?.[':max']?.N,
      }));
      const met = named.map(({ key, written }) => (written && held.has(key) ? 'TransactionConflict' : undefined));
      await pause(3);
      if (met.some((code) => code !== undefined)) throw conflict(met);
      const written = named.filter((one) => one.written).map(({ key }) => key);
      if (written.some((key) => held.has(key))) throw conflict(written.map((key) => (held.has(key) ? 'TransactionConflict' : undefined)));
      for (const key of written) held.add(key);
      await pause(10);
      for (const key of written) held.delete(key);
      const over = named.map(({ key, max }) =>
        max !== undefined && (used.get(key) ?? 0) >= Number(max) ? 'ConditionalCheckFailed' : undefined,
      );
      if (over.some((code) => code !== undefined)) throw conflict(over);
      for (const key of written) used.set(key, (used.get(key) ?? 0) + 1);
      return {};
    }) as never);
    const given = { limits: limits({ rule: { hour: 10 } }) };
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => permit(`remediation-${index}`, given)));
    const granted = answers.filter((answer) => answer === 'granted').length;
    expect(granted).toBeLessThanOrEqual(10);
    expect(new Set(answers.filter((answer) => answer !== 'granted' && answer !== 'limit' && answer !== 'busy'))).toEqual(new Set());
    expect(used.get(keys.count('rule r', '2026-11-24T13'))).toBe(granted);
    for (let index = 0; index < answers.length; index += 1) {
      if (answers[index] === 'busy') answers[index] = await permit(`remediation-${index}`, given);
    }
    expect(answers.filter((answer) => answer === 'granted')).toHaveLength(10);
    expect(answers.filter((answer) => answer === 'limit')).toHaveLength(190);
  });
});

it('gives the reasons of a cancelled transaction in the order of its parts', async () => {
  await put('there', {});
  const key = (value: string) => ({ key: { S: value } });
  const cancelled = await dynamo
    .send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: table, Item: key('new') } },
          { ConditionCheck: { TableName: table, Key: key('absent'), ConditionExpression: 'attribute_exists(#key)', ...names } },
          { Delete: { TableName: table, Key: key('there') } },
          { ConditionCheck: { TableName: table, Key: key('stop'), ConditionExpression: 'attribute_exists(#key)', ...names } },
        ],
      }),
    )
    .catch((error: { CancellationReasons?: { Code?: string }[] }) => error);
  expect((cancelled as { CancellationReasons?: { Code?: string }[] }).CancellationReasons?.map(({ Code }) => Code)).toEqual([
    'None',
    'ConditionalCheckFailed',
    'None',
    'ConditionalCheckFailed',
  ]);
  expect((await dynamo.send(new GetItemCommand({ TableName: table, Key: key('there') }))).Item).toBeDefined();
});

const names = { ExpressionAttributeNames: { '#key': 'key' } };

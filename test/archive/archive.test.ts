import { gzipSync } from 'node:zlib';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { batchKey } from '../../functions/archive/format';
import { canonicalJson } from '../../functions/canonical-json';
import type { Item } from '../../functions/log/item';
import { useEmulator } from '../emulator/use';
import { useMetrics } from './metrics';
import { removing, replacing, streamEvent } from './stream';
import { clockAt, itemsOf, openArchive, trailOf } from './world';

const emulator = useEmulator();
const metrics = useMetrics();
const noon = '2026-11-30T12:00:00.000Z';
const open = async (time = noon) => {
  const clock = clockAt(time);
  return { clock, ...(await openArchive(emulator, clock)) };
};
const numberOf = (key: string) => Number(/(\d{12})\.jsonl$/.exec(key)?.[1]);

describe('the events of the stream', () => {
  it('become a batch of canonical lines, in their order', async () => {
    const { start, keys, read } = await open();
    const made = trailOf([noon, noon, noon]);
    expect(await start()(streamEvent(...itemsOf(made)))).toEqual({ batches: [{ number: 1, day: '2026-11-30' }] });
    expect(await keys()).toEqual(['log/day=2026-11-30/000000000001.jsonl']);
    const lines = made.events.map((event) => `${canonicalJson({ trail: made.trail, sequence: event.sequence, event })}\n`);
    expect(await read(batchKey('2026-11-30', 1))).toBe(lines.join(''));
  });

  it('are whole, also where the table has a part of them compressed', async () => {
    const { start, lines } = await open();
    const made = trailOf([noon], { before: { text: 'long '.repeat(20_000) } });
    const [item] = itemsOf(made);
    expect(item).toHaveProperty('compressed');
    await start()(streamEvent(...itemsOf(made)));
    expect(await lines()).toEqual([{ trail: made.trail, sequence: 1, event: made.events[0] }]);
  });

  it('get numbers without gaps over all days, and the day never goes back', async () => {
    const { clock, start, keys } = await open('2026-11-29T23:59:00.000Z');
    const handler = start();
    for (const time of ['2026-11-29T23:59:00.000Z', '2026-11-30T00:01:00.000Z', '2026-11-29T23:59:30.000Z', '2026-12-02T08:00:00.000Z']) {
      clock.set(time);
      await handler(streamEvent(...itemsOf(trailOf([time]))));
    }
    expect(await keys()).toEqual([
      'log/day=2026-11-29/000000000001.jsonl',
      'log/day=2026-11-30/000000000002.jsonl',
      'log/day=2026-11-30/000000000003.jsonl',
      'log/day=2026-12-02/000000000004.jsonl',
    ]);
  });

  it('of several shards at once are each in one batch, whose numbers have no gaps', async () => {
    const { start, keys, lines } = await open();
    const workers = [start(), start(), start(), start()];
    const made = Array.from({ length: 24 }, () => trailOf([noon]));
    const batches = workers.map(async (handler, worker) => {
      for (const one of made.filter((_, index) => index % workers.length === worker)) await handler(streamEvent(...itemsOf(one)));
    });
    await Promise.all(batches);
    expect((await keys()).map(numberOf)).toEqual(made.map((_, index) => index + 1));
    expect((await lines()).map(({ trail }) => trail).toSorted()).toEqual(made.map(({ trail }) => trail).toSorted());
  });

  it('become several batches where they are large', async () => {
    const { start, keys, lines } = await open();
    const made = Array.from({ length: 3 }, () => trailOf([noon], { before: { text: 'x'.repeat(5_000_000) } }));
    await start()(streamEvent(...made.flatMap(itemsOf)));
    expect((await keys()).map(numberOf)).toEqual([1, 2]);
    expect(await lines()).toHaveLength(3);
  });
});

describe('a crash', () => {
  const state = (names: { readonly coordination: string }, number: number, written: boolean, day = '2026-11-30') =>
    new PutItemCommand({
      TableName: names.coordination,
      Item: { key: { S: 'archive' }, number: { N: String(number) }, day: { S: day }, written: { BOOL: written } },
    });

  it('before the batch is written leaves a number that the next writer uses', async () => {
    const { start, dynamo, names, keys } = await open();
    const handler = start();
    await handler(streamEvent(...itemsOf(trailOf([noon]))));
    await dynamo.send(state(names, 2, false));
    await handler(streamEvent(...itemsOf(trailOf([noon]))));
    expect((await keys()).map(numberOf)).toEqual([1, 2]);
  });

  it('after the batch is written lets the next writer take the next number: nothing is overwritten', async () => {
    const { start, dynamo, names, keys, lines } = await open();
    const handler = start();
    const made = [trailOf([noon]), trailOf([noon])] as const;
    await handler(streamEvent(...itemsOf(made[0])));
    await dynamo.send(state(names, 1, false));
    await handler(streamEvent(...itemsOf(made[1])));
    expect((await keys()).map(numberOf)).toEqual([1, 2]);
    expect((await lines()).map(({ trail }) => trail)).toEqual(made.map(({ trail }) => trail));
  });

  it('whose records Lambda hands over again has them in two batches, with the same text', async () => {
    const { account, start, read, keys } = await open();
    const handler = start();
    const event = streamEvent(...itemsOf(trailOf([noon])));
    emulator.gateway.fail({ service: 'dynamodb', operation: 'UpdateItem', account: account.account, as: 'access-denied' });
    await expect(handler(event)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await handler(event);
    const [first = '', second = ''] = await keys();
    expect(await read(second)).toBe(await read(first));
  });

  it('of S3 is an error, after which Lambda hands over all records again', async () => {
    const { account, start, keys } = await open();
    const handler = start();
    const fault = emulator.gateway.fail({ service: 's3', operation: 'PutObject', account: account.account, as: 'access-denied' });
    const event = streamEvent(...itemsOf(trailOf([noon])));
    await expect(handler(event)).rejects.toThrow();
    expect([fault.met, await keys()]).toEqual([1, []]);
    await handler(event);
    expect((await keys()).map(numberOf)).toEqual([1]);
  });

  it('that loses the item with the number, as a new deployment, goes on after the last batch of the bucket', async () => {
    const { clock, start, dynamo, names, keys } = await open();
    const handler = start();
    await handler(streamEvent(...itemsOf(trailOf([noon]))));
    clock.set('2026-12-01T12:00:00.000Z');
    await handler(streamEvent(...itemsOf(trailOf([noon]))));
    await dynamo.send(new DeleteItemCommand({ TableName: names.coordination, Key: { key: { S: 'archive' } } }));
    await handler(streamEvent(...itemsOf(trailOf([noon]))));
    expect((await keys()).map(numberOf)).toEqual([1, 2, 3]);
  });

  it('does not matter to an object of another form in the bucket', async () => {
    const { start, s3, names, keys } = await open();
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: 'log/day=2026-12-24/of-somebody.txt', Body: 'x' }));
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: 'log/day=tomorrow/000000000009.jsonl', Body: 'x' }));
    await start()(streamEvent(...itemsOf(trailOf([noon]))));
    expect((await keys()).filter((key) => key.includes('000000000001'))).toHaveLength(1);
  });

  it('is none of a number that nobody can read: it says what to do', async () => {
    const { start, dynamo, names } = await open();
    await dynamo.send(new PutItemCommand({ TableName: names.coordination, Item: { key: { S: 'archive' }, number: { S: 'one' } } }));
    await expect(start()(streamEvent(...itemsOf(trailOf([noon]))))).rejects.toThrow(
      'The item archive of the table posture-coordination has no number, day and state of a batch. Delete it',
    );
  });
});

describe('an item that is no event of ours', () => {
  const bytes = Buffer.from([0, 1, 255]);
  it.each<[string, Item, object]>([
    ['of another trail than its key', { rule: { S: 'other-rule' } }, { rule: { S: 'other-rule' } }],
    ['with bytes', { extra: { B: bytes } }, { extra: { B: bytes.toString('base64') } }],
    ['with sets', { extra: { L: [{ SS: ['b', 'a'] }, { NS: ['2', '10'] }] } }, { extra: { L: [{ SS: ['a', 'b'] }, { NS: ['10', '2'] }] } }],
    ['with a number that is none of ours', { sequence: { N: '12345678901234567890' } }, { sequence: { N: '12345678901234567890' } }],
    ['with a broken archive', { compressed: { B: bytes } }, { compressed: { B: bytes.toString('base64') } }],
    ['that would be larger than any event', { compressed: { B: gzipSync(Buffer.alloc(64_000_000)) } }, {}],
    ['without anything', {}, {}],
  ])('is in the archive as it is: %s', async (why, change, kept) => {
    const { start, lines } = await open();
    const { trail, events } = trailOf([noon]);
    const whole = itemsOf({ trail, events })[0] as Item;
    const item: Item = { ...(why.startsWith('without') ? { trail: { S: 'x' }, sequence: { N: '1' } } : whole), ...change };
    await start()(streamEvent(item));
    const [line] = await lines();
    expect(line).not.toHaveProperty('event');
    expect(line).toMatchObject({ trail: item.trail?.S, item: kept });
    expect(Object.keys(line?.item ?? {}).toSorted()).toEqual(Object.keys(item).toSorted());
  });

  it('does not keep the others from being archived, if Lambda hands over what is no record', async () => {
    const { start, lines } = await open();
    const made = trailOf([noon]);
    const { Records } = streamEvent(...itemsOf(made));
    await start()({
      Records: [{ eventName: 'INSERT' }, 'x', ...Records, { eventName: 'INSERT', dynamodb: { NewImage: { trail: { X: 1 } } } }],
    });
    expect((await lines()).map(({ trail }) => trail)).toEqual([made.trail]);
    expect(metrics.sum('InvalidEvents')).toBe(3);
  });
});

describe('an event of the log that somebody', () => {
  it('replaced has a second line with another text, and raises the alarm', async () => {
    const { start, lines } = await open();
    const handler = start();
    const made = trailOf([noon]);
    const [item = {}] = itemsOf(made);
    await handler(streamEvent(item));
    await handler(replacing({ ...item, reason: { S: 'Another.' } }));
    expect(await lines()).toMatchObject([
      { event: { reason: 'Because.' } },
      { trail: made.trail, sequence: 1, event: { reason: 'Another.' } },
    ]);
    expect(metrics.sum('RecordsAltered')).toBe(1);
  });

  it('removed has a second line that says so, and raises the alarm', async () => {
    const { start, lines } = await open();
    const handler = start();
    const made = trailOf([noon]);
    const [item = {}] = itemsOf(made);
    await handler(streamEvent(item));
    await handler(removing(item));
    expect((await lines())[1]).toEqual({ trail: made.trail, sequence: 1, item: {} });
    expect(metrics.sum('RecordsAltered')).toBe(1);
  });
});

it('what is archived costs two writes of the table of coordination and one object a batch', async () => {
  const { account, start, dynamo, names } = await open();
  const handler = start();
  await handler(streamEvent(...itemsOf(trailOf([noon]))));
  const before = emulator.gateway.calls.length;
  await handler(streamEvent(...itemsOf(trailOf([noon, noon, noon]))));
  const calls = emulator.gateway.calls.slice(before).filter((call) => call.account === account.account);
  // The second look is at the number that it has opened itself.
  expect(calls.map(({ operation }) => operation)).toEqual(['GetItem', 'PutItem', 'GetItem', 'PutObject', 'UpdateItem']);
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: names.coordination, Key: { key: { S: 'archive' } } }));
  expect(Item).not.toHaveProperty('forget');
});

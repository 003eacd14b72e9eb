import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Checked } from '../../functions/archive/check';
import { batchKey } from '../../functions/archive/format';
import { useEmulator } from '../emulator/use';
import { useMetrics } from './metrics';
import { streamEvent } from './stream';
import { clockAt, itemsOf, openArchive, trailOf } from './world';

const emulator = useEmulator();
const metrics = useMetrics();
// In the past: the emulator says by the machine's clock when an object was written.
const start = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 72 * 3_600_000;
const at = (hours: number) => new Date(start + hours * 3_600_000).toISOString();
const tick = { 'detail-type': 'Scheduled Event' };

/** An archive whose first check is behind it. */
async function open(rules?: readonly string[]) {
  const clock = clockAt(at(0));
  const opened = await openArchive(emulator, clock, rules);
  const handler = opened.start();
  const check = async (hours: number, secondsLeft?: number) => {
    clock.set(at(hours));
    return (await handler(tick, secondsLeft)) as Checked;
  };
  await check(0);
  return { ...opened, clock, handler, check };
}

describe('the hourly check', () => {
  it('finds all events in the archive that the stream brought', async () => {
    const { put, handler, check } = await open();
    const made = trailOf([at(0), at(0.1), at(0.2)]);
    await put(...itemsOf(made));
    await handler(streamEvent(...itemsOf(made)));
    expect(await check(2)).toEqual({ compared: 3, behind: 0, refilled: 0, unreadable: 0, unfinished: false });
    expect(metrics.sum('ArchiveBehind')).toBe(0);
  });

  it('does not wait for events of the last hour', async () => {
    const { put, check } = await open();
    await put(...itemsOf(trailOf([at(1)])));
    expect(await check(1.9)).toMatchObject({ compared: 0, behind: 0 });
  });

  it('raises the alarm for what is late by more than an hour, and does not fill it in, as the stream may still bring it', async () => {
    const { put, handler, check, lines } = await open();
    const made = trailOf([at(0), at(0.1)]);
    await put(...itemsOf(made));
    expect(await check(2)).toMatchObject({ behind: 2, refilled: 0 });
    expect(await check(9)).toMatchObject({ behind: 2, refilled: 0 });
    expect(metrics.sum('ArchiveBehind')).toBe(4);
    await handler(streamEvent(...itemsOf(made)));
    expect(await check(10)).toMatchObject({ behind: 0, refilled: 0 });
    expect((await lines()).filter(({ refilled }) => refilled)).toEqual([]);
  });

  it('fills in from the table what a stream lost that was down for 30 hours, and marks it', async () => {
    const { put, check, lines } = await open();
    const lost = Array.from({ length: 30 }, (_, hour) => trailOf([at(hour), at(hour + 0.5)]));
    await put(...lost.flatMap(itemsOf));
    const early = await check(30);
    expect(early.behind).toBeGreaterThan(40);
    expect(early.refilled + early.behind).toBe(59);
    for (const hour of [40, 50, 56]) await check(hour);
    expect(await check(57)).toMatchObject({ behind: 0, refilled: 0 });
    const all = await lines();
    expect(all).toHaveLength(60);
    const events = lost.flatMap(({ trail, events: of }) => of.map((event) => ({ trail, sequence: event.sequence, refilled: true, event })));
    const byKey = (a: { trail: string; sequence: number }, b: { trail: string; sequence: number }) =>
      `${a.trail} ${a.sequence}`.localeCompare(`${b.trail} ${b.sequence}`);
    expect(all.toSorted(byKey)).toEqual(events.toSorted(byKey));
    expect(metrics.sum('RecordsRefilled')).toBe(60);
  });

  it('fills in what others lost, also if a function claims a time that is no date', async () => {
    const { put, check, lines } = await open();
    const lost = trailOf([at(5), at(6)]);
    const [item = {}] = itemsOf(trailOf([at(5)]));
    await put(
      ...itemsOf(lost),
      { ...item, time: { S: `${at(4).slice(0, 11)}!` } },
      { ...item, trail: { S: 'a' }, time: { S: `${at(5).slice(0, 13)}x` } },
    );
    for (const hour of [7, 20, 28, 29, 30, 31, 32]) await check(hour);
    expect((await lines()).filter(({ trail }) => trail === lost.trail).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('takes in all that was logged before there was an archive, at its first run', async () => {
    const clock = clockAt(at(0));
    const { start: begin, put, lines } = await openArchive(emulator, clock);
    await put(...itemsOf(trailOf([at(-10_000), at(-9000), at(-30), at(-2), at(-0.5)])));
    const handler = begin();
    expect(await handler(tick)).toMatchObject({ compared: 4, behind: 0, refilled: 4 });
    expect((await lines()).map(({ sequence, refilled }) => [sequence, refilled])).toEqual([1, 2, 3, 4].map((one) => [one, true]));
    expect(metrics.sum('ArchiveBehind')).toBe(0);
  });

  it('looks at all rules, and at what concerns all of them', async () => {
    const { put, check } = await open(['a-rule', 'b-rule']);
    for (const rule of ['a-rule', 'b-rule', 'posture']) await put(...itemsOf(trailOf([at(0.5)], {}, rule)));
    expect(await check(2)).toMatchObject({ compared: 3, behind: 3 });
  });

  it('fills in what is forged as it is', async () => {
    const { put, check, lines } = await open();
    const made = trailOf([at(0.5)]);
    const [item = {}] = itemsOf(made);
    await put({ ...item, remediation: { S: 'another' } });
    await check(30);
    expect(await lines()).toMatchObject([{ trail: made.trail, sequence: 1, refilled: true, item: { remediation: { S: 'another' } } }]);
  });

  it('reads what is left of a batch with lines that nobody can read, and fills in the rest', async () => {
    const { s3, names, put, check } = await open();
    const made = trailOf([at(0.1), at(0.2)]);
    await put(...itemsOf(made));
    const Body = `{"trail":"${made.trail}","sequence":1}\nnot JSON\n{"trail":1}\n`;
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: batchKey(at(0).slice(0, 10), 1), Body }));
    expect(await check(30)).toMatchObject({ behind: 0, refilled: 1, unreadable: 2 });
  });

  it('ends in time, says so, and begins anew in an hour', async () => {
    const { put, check } = await open();
    await put(...itemsOf(trailOf([at(0.5)])));
    expect(await check(30, 59)).toMatchObject({ unfinished: true, refilled: 0 });
    expect(metrics.sum('ArchiveBehind')).toBe(1);
    expect(await check(31)).toMatchObject({ unfinished: false, refilled: 1 });
  });

  it('reads the batches of the last hours alone, whatever the age of the archive', async () => {
    const { account, handler, check } = await open();
    // The emulator has the time of the machine, and a listing of S3 says when an object was written.
    const now = (Date.now() - start) / 3_600_000;
    for (let batch = 0; batch < 3; batch += 1) await handler(streamEvent(...itemsOf(trailOf([at(now)]))));
    await check(now + 20);
    const before = emulator.gateway.calls.length;
    await check(now + 21);
    const calls = emulator.gateway.calls.slice(before).filter((call) => call.account === account.account);
    expect(calls.map(({ operation }) => operation)).toEqual(['GetItem', 'ListObjectsV2', 'Query', 'Query', 'PutItem']);
  });
});

import type { Document } from '../../functions/tickets/document';
import { TrackerError } from '../../functions/tickets/tracker-error';
import type { GitHub } from './stand-ins/github';
import type { Mishap } from './stand-ins/stand-in';
import { gitHubWorld, token, vendors, type World } from './vendors';

const mark = 'posture-0123456789abcdef';
const other = 'posture-fedcba9876543210';
const hostile =
  '<b>@acme [link](https://evil.example) [~admin] {code} `x` *y* #1 [code]<script>[/code] \u202e!img.png! posture-fedcba9876543210';
const document: Document = [
  { heading: 'What is wrong' },
  { text: `The bucket ${hostile} accepts plain HTTP.` },
  {
    facts: [
      { label: 'Resource', given: hostile },
      { label: 'Empty', given: '' },
    ],
  },
  { steps: [{ text: 'Roll back:', command: 'posture rollback 01J --why "..."' }] },
  { list: [hostile] },
  { code: `{\n  "a": "${'`'.repeat(4)}{noformat}[code]"\n}` },
];
const draft = { title: 'S3 buckets accept only requests over TLS', body: document, severity: 'high' } as const;

describe.each(Object.entries(vendors))('%s', (_, open) => {
  let now = 0;
  let world: World;
  const start = async (options: object = {}) => {
    now = Date.parse('2026-11-24T09:00:00Z');
    world = await open({ now: () => now, searchLag: 30_000, ...options });
    return world;
  };
  afterEach(async () => {
    await world.standIn.stop();
  });
  /** The next write goes wrong in this way. */
  const goWrong = (mishap: Mishap) => {
    let isNext = true;
    world.standIn.mishaps = ({ method }) => {
      const is = isNext && method !== 'GET';
      if (is) isNext = false;
      return is ? mishap : undefined;
    };
  };

  it('opens, comments, closes and reopens a ticket by requests that its reference allows', async () => {
    const { tracker, tickets, standIn } = await start();
    const { id, key } = await tracker.create(mark, draft);
    expect(key).not.toBe('');
    await tracker.comment(id, { mark: 'posture-event-1', body: document });
    await tracker.close(id, 'The detector agrees.');
    expect(await tracker.read(id)).toMatchObject({ id, key, state: 'closed' });
    await tracker.reopen(id);
    expect(await tracker.read(id)).toMatchObject({ state: 'open' });
    await tracker.describe(id, mark, [{ text: 'Another text.' }]);
    expect(tickets()).toMatchObject([{ mark, state: 'open', title: draft.title, notes: [expect.stringContaining('posture-event-1')] }]);
    expect(tickets()[0]?.body).toContain('Another text.');
    expect(standIn.violations).toEqual([]);
  });

  it('closes and reopens what already is so without another transition', async () => {
    const { tracker, standIn } = await start();
    const { id } = await tracker.create(mark, draft);
    await tracker.reopen(id);
    await tracker.close(id, 'Done.');
    await tracker.close(id, 'Done.');
    expect(await tracker.read(id)).toMatchObject({ state: 'closed' });
    expect(standIn.violations).toEqual([]);
  });

  it('finds a ticket by its mark alone, and not before the lag of the search', async () => {
    const { tracker } = await start();
    const { id } = await tracker.create(mark, draft);
    await tracker.create(other, draft);
    expect(await tracker.find(mark)).toEqual([]);
    now += 30_000;
    expect(await tracker.find(mark)).toMatchObject([{ id, state: 'open' }]);
    expect(await tracker.find('posture-0000000000000000')).toEqual([]);
  });

  it('finds a comment by its mark', async () => {
    const { tracker } = await start();
    const { id } = await tracker.create(mark, draft);
    expect(await tracker.hasNote(id, 'posture-event-1')).toBe(false);
    await tracker.comment(id, { mark: 'posture-event-1', body: [{ text: 'One.' }] });
    await tracker.comment(id, { mark: 'posture-event-2', body: [{ text: 'Two.' }] });
    expect([await tracker.hasNote(id, 'posture-event-1'), await tracker.hasNote(id, 'posture-event-3')]).toEqual([true, false]);
  });

  it('says that a deleted ticket is not there', async () => {
    const { tracker, empty } = await start();
    const { id } = await tracker.create(mark, draft);
    empty();
    expect([await tracker.read(id), await tracker.hasNote(id, mark)]).toEqual([undefined, false]);
    await expect(tracker.comment(id, { mark, body: [] })).rejects.toMatchObject({ failure: 'not-found' });
  });

  it.each([
    ['throttled', 'throttled'],
    ['unavailable', 'unavailable'],
    ['reset', 'unanswered'],
    ['hang-before', 'unanswered'],
  ] as const)('creates nothing where a request is %s', async (mishap, failure) => {
    const { tracker, tickets } = await start({ timeout: 400, retryAfter: 7 });
    goWrong(mishap);
    await expect(tracker.create(mark, draft)).rejects.toMatchObject({ failure, ...(mishap === 'throttled' && { retryAfter: 7 }) });
    expect(tickets()).toEqual([]);
  });

  it.each([
    ['lost', 'unanswered'],
    ['hang', 'unanswered'],
    ['failed-after', 'unavailable'],
  ] as const)('says that nobody knows whether it was created where the answer is %s', async (mishap, failure) => {
    const { tracker, tickets } = await start({ timeout: 400 });
    goWrong(mishap);
    await expect(tracker.create(mark, draft)).rejects.toMatchObject({ failure });
    expect(tickets()).toHaveLength(1);
  });

  it('says that the credentials are not accepted, without a word of them', async () => {
    const { tracker, standIn } = await start();
    standIn.expired = true;
    const error: unknown = await tracker.create(mark, draft).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TrackerError);
    expect(error).toMatchObject({ failure: 'unauthorized' });
    expect(JSON.stringify([String(error), (error as Error).stack, (error as Error).cause])).not.toMatch(new RegExp(token));
  });

  it('finds nothing wrong with a private project that our user may write', async () => {
    const { tracker, standIn } = await start();
    await tracker.create(other, draft);
    now += 60_000;
    expect(await tracker.check()).toEqual([]);
    expect(standIn.violations).toEqual([]);
  });

  it('keeps a text of a finding from being a link, or from reversing the text direction', async () => {
    const { tracker, tickets } = await start();
    const { id } = await tracker.create(mark, { ...draft, title: 'A title' });
    await tracker.comment(id, { mark: 'posture-event-1', body: document });
    const [ticket] = tickets();
    for (const text of [ticket?.body ?? '', ...(ticket?.notes ?? [])]) {
      expect(text).not.toContain('https://evil');
      expect(text).not.toContain('\u202e');
    }
  });

  it('finds its comment also among those of somebody who floods the ticket', async () => {
    const { tracker, tickets, flood } = await start({ timeout: 5000 });
    const { id } = await tracker.create(mark, draft);
    flood(0, '\u{1F4A5}'.repeat(32_000), 50);
    await tracker.comment(id, { mark: 'posture-event-1', body: [{ text: 'One.' }] });
    expect(await tracker.hasNote(id, 'posture-event-1')).toBe(true);
    expect(tickets()).toHaveLength(1);
  });
});

it('an issue of somebody else in GitHub, who gave it the label of a ticket, is not that ticket', async () => {
  let now = Date.parse('2026-11-24T09:00:00Z');
  const { tracker, standIn } = await gitHubWorld({ now: () => now, searchLag: 30_000 });
  const { issues } = standIn as GitHub;
  await tracker.create(mark, draft);
  const [first] = issues;
  if (!first) throw new Error('No issue was created.');
  issues.unshift({ ...first, number: 7, by: 'mallory' });
  now += 60_000;
  expect((await tracker.find(mark)).map(({ key }) => key)).toEqual(['#1']);
  issues.pop();
  expect(await tracker.find(mark)).toEqual([]);
  await standIn.stop();
});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import { inOrder, type LogEntry, type LogQuestion, queryLog } from '../../functions/log/query';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
let client: DynamoDBClient;
let minute = 0;

/** A remediation id that ends with the letter. */
const idOf = (letter: string) => `01K6Z3NDEKTSV4RRFFQ69G5FA${letter}`;
const all = Number.POSITIVE_INFINITY;
const ask = (question: LogQuestion, options: { limit: number; after?: string } = { limit: all }) =>
  queryLog(client, 'posture-log', question, options);
const named = (entries: readonly LogEntry[]) => entries.map(({ remediation, kind }) => `${remediation.at(-1)} ${kind}`);

beforeAll(async () => {
  const account = await emulator.account();
  await createTables(account);
  client = account.client(DynamoDBClient);
  const clock = { now: () => new Date(Date.UTC(2026, 2, 1, 12, minute++)), sleep: async () => {} };
  const subject = {
    version: '1',
    source: 'config',
    detectedBy: 'c',
    partition: 'aws',
    region: 'eu-west-1',
    resourceType: 'AWS::S3::Bucket',
  };
  const made = (remediation: string, rule: string, account: string, resource: string) =>
    openJournal(dynamoLog(client, 'posture-log', { by: 'rule', rule }), clock, {
      ...subject,
      remediation: idOf(remediation),
      rule,
      account,
      resource,
      finding: `finding ${remediation}`,
    });
  const said = { reason: 'Because.', actor: 'me' };

  const a = made('A', 'first-rule', '111111111111', 'arn:aws:s3:::one');
  await a.write({ ...said, kind: 'applied' }, { ...said, kind: 'planned', before: { large: 'x'.repeat(50_000) } });
  await a.write({ ...said, kind: 'verified', outcome: 'fixed' });
  const b = made('B', 'first-rule', '222222222222', 'arn:aws:s3:::two');
  await b.write({ ...said, kind: 'applied' }, { ...said, kind: 'observed', outcome: 'observed' });
  const c = made('C', 'second-rule', '111111111111', 'arn:aws:s3:::one');
  await c.write({ ...said, kind: 'applied' }, { ...said, kind: 'planned' });
  const d = made('D', 'second-rule', '111111111111', 'arn:aws:s3:::two');
  await d.write({ ...said, kind: 'applied' }, { ...said, kind: 'verified', outcome: 'fixed' });
  const e = made('E', 'third-rule', '333333333333', 'arn:aws:s3:::three');
  await e.write({ ...said, kind: 'skipped', outcome: 'unfixable', code: 'no-https-listener' });
});

describe('the log, when asked', () => {
  it('answers by resource, rule, account, finding and outcome, the newest first', async () => {
    expect(named((await ask({ resource: 'arn:aws:s3:::one' })).entries)).toEqual(['C planned', 'A verified', 'A planned']);
    expect(named((await ask({ rule: 'first-rule' })).entries)).toEqual(['B observed', 'A verified', 'A planned']);
    expect(named((await ask({ account: '222222222222' })).entries)).toEqual(['B observed']);
    expect(named((await ask({ finding: 'finding D' })).entries)).toEqual(['D verified']);
    expect(named((await ask({ outcome: 'fixed' })).entries)).toEqual(['D verified', 'A verified']);
  });

  it('answers where several things have to be true, whichever index that takes', async () => {
    expect(named((await ask({ resource: 'arn:aws:s3:::two', outcome: 'fixed' })).entries)).toEqual(['D verified']);
    expect(named((await ask({ account: '111111111111', rule: 'second-rule', resource: 'arn:aws:s3:::one' })).entries)).toEqual([
      'C planned',
    ]);
    expect((await ask({ finding: 'finding D', rule: 'first-rule' })).entries).toEqual([]);
  });

  it('gives every step where that is asked for, the oldest first', async () => {
    expect(named((await ask({ rule: 'first-rule', steps: true, order: 'oldest-first' })).entries)).toEqual([
      'A applied',
      'A planned',
      'A verified',
      'B applied',
      'B observed',
    ]);
  });

  it('gives what happened in a time, both ends included', async () => {
    const at = (minutes: number) => `2026-03-01T12:0${minutes}:00.000Z`;
    expect(named((await ask({ account: '111111111111', since: at(1), until: at(3) })).entries)).toEqual(['C planned', 'A verified']);
    expect(named((await ask({ account: '111111111111', since: at(4) })).entries)).toEqual(['D verified']);
    expect(named((await ask({ account: '111111111111', until: at(0) })).entries)).toEqual(['A planned']);
  });

  it('gives what an index holds, and not the changes and states', async () => {
    const { entries } = await ask({ finding: 'finding A' });
    expect(entries[0]).toEqual({
      remediation: idOf('A'),
      trail: `first-rule/${idOf('A')}`,
      by: 'rule',
      sequence: 3,
      time: '2026-03-01T12:01:00.000Z',
      kind: 'verified',
      outcome: 'fixed',
      reason: 'Because.',
      actor: 'me',
      rule: 'first-rule',
      account: '111111111111',
      region: 'eu-west-1',
      resource: 'arn:aws:s3:::one',
      resourceType: 'AWS::S3::Bucket',
      finding: 'finding A',
      source: 'config',
      detectedBy: 'c',
    });
  });

  it('gives the code of the reason where the event has one', async () => {
    const { entries } = await ask({ finding: 'finding E' });
    expect(entries).toMatchObject([{ outcome: 'unfixable', code: 'no-https-listener' }]);
  });

  it('goes on page by page, with nothing left out and nothing twice', async () => {
    for (const order of ['newest-first', 'oldest-first'] as const) {
      const question: LogQuestion = { account: '111111111111', steps: true, order };
      const whole = (await ask(question)).entries;
      expect(whole).toHaveLength(7);
      for (const limit of [1, 2, 3, 7]) {
        const pages: string[] = [];
        let after: string | undefined;
        do {
          const page = await ask(question, { limit, ...(after !== undefined && { after }) });
          expect(page.entries.length).toBeLessThanOrEqual(limit);
          pages.push(...named(page.entries));
          after = page.next;
        } while (after !== undefined);
        expect(pages.sort()).toEqual(named(whole).sort());
      }
    }
  });

  it('begins with the newest, or the oldest, of all and not of a page', async () => {
    const first = async (order: 'newest-first' | 'oldest-first') =>
      named((await ask({ account: '111111111111', order }, { limit: 2 })).entries);
    expect(await first('newest-first')).toEqual(['D verified', 'C planned']);
    expect(await first('oldest-first')).toEqual(['A planned', 'A verified']);
  });

  it('refuses a cursor that is none, or of another question', async () => {
    const { next = '' } = await ask({ rule: 'first-rule' }, { limit: 1 });
    expect(next).not.toBe('');
    await expect(ask({ rule: 'second-rule' }, { limit: 1, after: next })).rejects.toThrow('The cursor belongs to a different query.');
    await expect(ask({ rule: 'first-rule' }, { limit: 1, after: 'bm90aGluZw' })).rejects.toThrow('The cursor is invalid.');
  });

  it('gives all events, in order, where nothing else is asked', async () => {
    expect(named((await ask({ since: '2026-01-01T00:00:00.000Z' })).entries)).toEqual([
      'E skipped',
      'D verified',
      'C planned',
      'B observed',
      'A verified',
      'A planned',
    ]);
  });

  it('says how far it searched where few events match, and goes on from there', async () => {
    const question: LogQuestion = { rule: 'first-rule', kind: 'planned' };
    const page = await queryLog(client, 'posture-log', question, { limit: 1, perPage: 2, maxReads: 1 });
    expect(page).toMatchObject({ entries: [], searchedTo: '2026-03-01T12:02:00.000Z', next: expect.any(String) });
    const { next = '' } = page;
    expect(named((await ask(question, { limit: 1, after: next })).entries)).toEqual(['A planned']);
  });
});

it.each([
  ['newest-first', [3, 2, 1]],
  ['oldest-first', [1, 2, 3]],
] as const)('orders the events of the same millisecond by their numbers, %s', (order, sequences) => {
  const entries = [2, 1, 3].map((sequence) => ({ time: '2026-03-01T12:00:00.000Z', trail: 'r/1', sequence }) as LogEntry);
  expect(inOrder(entries, { order }).map(({ sequence }) => sequence)).toEqual(sequences);
});

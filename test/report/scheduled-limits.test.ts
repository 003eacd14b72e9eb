import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { minutes } from '../../functions/duration';
import { periodBefore } from '../../functions/report/scheduled/period';
import { makeScheduledReport } from '../../functions/report/scheduled/scheduled-report';
import { trailsOf } from '../history/events';
import { generate } from '../history/generate';
import { serveHistory } from '../history/serve';
import { historyTable } from '../history/table';
import { reportedRules } from './pages';

const from = new Date('2026-03-01T00:00:00Z');
const scripts = [...generate({ seed: 5, events: 300, from, days: 31, rules: reportedRules, accounts: 2 })];
const table = historyTable(scripts.flatMap(trailsOf));
const period = periodBefore('monthly', new Date('2026-04-01T04:06:00Z'));

let dynamo: DynamoDBClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  const served = await serveHistory(table, '123456789012');
  ({ stop } = served);
  dynamo = new DynamoDBClient({ endpoint: served.url, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
});
afterAll(async () => {
  dynamo.destroy();
  await stop();
});

/** The ports of a run; `written` and `sent` fill with what it does, `failing` is the file that can't be written. */
function ports({ millisecondsLeft = minutes(15), failing = '' } = {}) {
  const objects = new Map<string, string>();
  const sent: string[] = [];
  const state = { failing };
  const given = {
    dynamo,
    table: 'posture-log',
    log: 'arn:aws:dynamodb:eu-west-1:123456789012:table/posture-log',
    rules: reportedRules,
    version: '1',
    bucketName: 'archive',
    bucket: {
      has: async (key: string) => objects.has(key),
      create: async (key: string, _: string, parts: Iterable<string>) => {
        if (state.failing !== '' && key.endsWith(state.failing)) throw new Error('No space left on device');
        const by = objects.has(key) ? ('before' as const) : ('us' as const);
        if (by === 'us') objects.set(key, [...parts].join(''));
        return { key, bytes: 1, hash: 'a', by };
      },
    },
    notify: async ({ subject }: { readonly subject: string }) => void sent.push(subject),
    clock: { now: () => new Date('2026-04-01T04:06:00Z'), sleep: async () => {} },
    millisecondsLeft: () => millisecondsLeft,
  };
  return { given, objects, sent, state };
}

describe('a scheduled report', () => {
  it('of a log that is too large for the time of the function fails before it writes anything, and says what to do', async () => {
    const { given, objects, sent } = ports({ millisecondsLeft: minutes(3) });
    await expect(makeScheduledReport(period, given)).rejects.toThrow(
      /^The log of 2026-03 is too large for the function: after 1 remediations.* Nothing was written. Make the report with `posture report`/,
    );
    expect([objects.size, sent]).toEqual([0, []]);
  });

  it('that fails half way is finished by the next attempt, which replaces nothing', async () => {
    const { given, objects, sent, state } = ports({ failing: '.oscal.json' });
    await expect(makeScheduledReport(period, given)).rejects.toThrow('No space left');
    const before = new Map(objects);
    expect([before.size, sent]).toEqual([4, []]);
    state.failing = '';
    const run = await makeScheduledReport(period, given);
    expect('files' in run && run.files.map(({ by }) => by)).toEqual(['before', 'before', 'before', 'before', 'us']);
    expect([objects.size, sent]).toEqual([6, ['Posture report 2026-03']]);
    for (const [key, content] of before) expect(objects.get(key)).toBe(content);
  });

  it('sends the message again rather than never, if the manifest could not be written', async () => {
    const { given, sent, state } = ports({ failing: 'manifest.json' });
    await expect(makeScheduledReport(period, given)).rejects.toThrow('No space left');
    state.failing = '';
    await makeScheduledReport(period, given);
    await makeScheduledReport(period, given);
    expect(sent).toEqual(['Posture report 2026-03', 'Posture report 2026-03']);
  });
});

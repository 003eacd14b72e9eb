import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { folderArchive } from '../../functions/cli/log/verify/folder-archive';
import { itemOf } from '../../functions/log/item';
import { sealArchive } from '../../functions/seal/seal-archive';
import { verifyLog } from '../../functions/seal/verify/verify';
import { events, hourlyClock, lineOf, ownSigner, table, trailOf, writableFolder, writeBatch } from './honest-archive';

const root = path.resolve(__dirname, '../../build');
mkdirSync(root, { recursive: true });
const folder = mkdtempSync(path.join(root, 'late-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = hourlyClock();
const event = events(clock);
const signer = ownSigner();
const seal = async () => {
  clock.pass(1);
  await sealArchive({ archive: writableFolder(folder), signer, former: signer, table, clock, secondsLeft: () => 900 });
};
const [a1, a2, a3, b1] = [event('A'), event('A'), event('A'), event('B')] as const;
const day = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-01T23:59:59.999Z' };

/** Verifies the day against a table with these events. */
const verify = async (...logged: readonly (readonly [name: string, event: typeof a1])[]) => {
  const items = logged.map(([name, one]) => itemOf(one, trailOf(name)));
  async function* read() {
    yield* items;
  }
  return verifyLog({ of: day }, { archive: await folderArchive(folder), table: read, clock });
};

describe('events that were archived days later, as those from before there was an archive', () => {
  beforeAll(async () => {
    writeBatch(folder, 1, [lineOf('A', a1), lineOf('A', a3)]);
    await seal();
    clock.pass(3 * 24);
    await seal();
    clock.pass(2 * 24);
    writeBatch(folder, 2, [lineOf('A', a2, { refilled: true }), lineOf('B', b1, { refilled: true })], '2026-11-06');
    await seal();
  });

  it('are not missing in the span of time in which they were written', async () => {
    const { verdict, findings, counts } = await verify(['A', a1], ['A', a2], ['A', a3], ['B', b1]);
    expect(findings).toEqual([]);
    expect(verdict).toBe('consistent');
    expect(counts.refilled).toBe(2);
  });

  it('are missing if no batch has them', async () => {
    const { verdict, findings } = await verify(['A', a1], ['A', a2], ['A', a3], ['B', b1], ['C', event('C')]);
    expect(verdict).toBe('consistent');
    expect(findings).toEqual([]);
    clock.pass(5 * 24);
    const later = await verify(['A', a1], ['A', a2], ['A', a3], ['B', { ...b1, reason: 'Another one.' }], ['D', a1]);
    expect(later.verdict).toBe('tampered');
    expect(later.findings.map(({ code, trail }) => [code, trail])).toEqual([
      ['table-event-altered', trailOf('B')],
      ['archive-event-missing', trailOf('D')],
    ]);
  });
});

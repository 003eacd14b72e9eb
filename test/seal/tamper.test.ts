import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sealKey } from '../../functions/archive/format';
import { canonicalJson, hashJson } from '../../functions/canonical-json';
import type { LogEvent } from '../../functions/log/event';
import { rootOf } from '../../functions/seal/merkle';
import { hashOfText, readSeal, type Seal, sealText } from '../../functions/seal/seal';
import { sealArchive } from '../../functions/seal/seal-archive';
import type { Signer } from '../../functions/seal/signer';
import { usePosture } from '../cli/posture';
import { findPython } from '../emulator/python';
import {
  type Anchor,
  batchFile,
  fingerprintOf,
  hashOf,
  hourlyClock,
  ownSigner,
  remediationOf,
  table,
  trailOf,
  writableFolder,
  writeBatch,
  writeHonestArchive,
} from './honest-archive';

const posture = usePosture();
const script = path.resolve(__dirname, '../../docs/verify_log.py');

let root: string;
let honest: string;
let anchor: Anchor;
let python: string;
let first: Signer;
let second: Signer;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'posture-seal-'));
  honest = path.join(root, 'honest');
  [first, second] = [ownSigner(), ownSigner()];
  anchor = await writeHonestArchive(honest, first, second);
  python = await findPython();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Verdict {
  readonly code: number | null;
  readonly verdict: string;
  readonly findings: readonly {
    readonly code: string;
    readonly trail?: string | null;
    readonly sequence?: number | null;
    readonly seal?: number | null;
  }[];
}

/** What both verifiers say of a copy: ours, and the one in Python, which knows the format from the documentation alone. */
async function bothSay(folder: string, known: Partial<Pick<Anchor, 'key' | 'head'>>): Promise<readonly Verdict[]> {
  const options = Object.entries(known).flatMap(([name, value]) => [`--${name}`, value]);
  const ours = await posture(['--json', 'log', 'verify', '--archive', folder, ...options]);
  const other = spawnSync(python, [script, folder, '--json', ...options], { encoding: 'utf8' });
  return [verdictOf(ours.code, ours.stdout, ours.stderr), verdictOf(other.status, other.stdout, other.stderr)];
}

function verdictOf(code: number | null, stdout: string, stderr: string): Verdict {
  try {
    const { verdict, findings } = JSON.parse(stdout) as Verdict;
    return { code, verdict, findings };
  } catch {
    throw new Error(`No verdict, code ${code}: ${stdout}${stderr}`);
  }
}

/** A copy of the honest archive, changed by somebody who may write everything. */
async function copyWith(change: (folder: string) => unknown): Promise<string> {
  const folder = mkdtempSync(path.join(root, 'copy-'));
  cpSync(honest, folder, { recursive: true });
  await change(folder);
  return folder;
}

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
const rewrite = (change: (lines: string[]) => string[], number: number) => (folder: string) =>
  writeBatch(folder, number, change(linesOf(batchFile(folder, number))));

interface LineOf {
  readonly trail: string;
  readonly sequence: number;
  readonly event: LogEvent;
}

/** The line with a changed event. `hashed`: with a hash of its own, and after this event. */
function changed(line: string, { hashed = false, after }: { readonly hashed?: boolean; readonly after?: LogEvent } = {}): string {
  const { event, ...rest } = JSON.parse(line) as LineOf;
  const { hash, ...unsealed } = { ...event, reason: 'Nothing happened.', ...(after && { previous: after.hash }) };
  return canonicalJson({ ...rest, event: { ...unsealed, hash: hashed ? hashJson(unsealed) : hash } });
}

/** An event that is added to a trail with all its hashes. */
function continued(line: string, trail?: string): string {
  const { event, ...rest } = JSON.parse(line) as LineOf;
  const { hash, ...unsealed } = trail === undefined ? { ...event, sequence: event.sequence + 1, previous: event.hash } : event;
  return canonicalJson({
    ...rest,
    trail: trail ?? rest.trail,
    sequence: unsealed.sequence,
    event: { ...unsealed, hash: hashJson(unsealed) },
  });
}

const eventIn = (line: string): LogEvent => (JSON.parse(line) as LineOf).event;
const swap = (lines: string[], a: number, b: number): string[] =>
  lines.map(
    (line, index) =>
      lines[
        new Map([
          [a, b],
          [b, a],
        ]).get(index) ?? index
      ] ?? line,
  );
const sealFile = (folder: string, number: number): string => path.join(folder, sealKey(number));
const sealIn = (folder: string, number: number): Seal => {
  const read = readSeal(readFileSync(sealFile(folder, number)));
  if (!read) throw new Error(`Seal ${number} is not valid.`);
  return read.seal;
};

/** Removes the seals from a number on, and seals what is there with another key. */
async function sealAnew(folder: string, from: number, signer: Signer): Promise<void> {
  for (const name of readdirSync(path.join(folder, 'seals')))
    if (Number.parseInt(name, 10) >= from) rmSync(path.join(folder, 'seals', name));
  const clock = hourlyClock();
  clock.pass(60);
  await sealArchive({ archive: writableFolder(folder), signer, former: signer, table, clock, secondsLeft: () => 900 });
}

/** A trail that was written anew from its second event on, with all hashes. */
const rechain = (folder: string) => {
  const [one = '', two = '', three = ''] = linesOf(batchFile(folder, 1));
  const altered = changed(three, { hashed: true });
  writeBatch(folder, 1, [one, two, altered]);
  rewrite(([line = '', ...rest]) => [changed(line, { hashed: true, after: eventIn(altered) }), ...rest], 2)(folder);
};

describe('an archive as it was written', () => {
  it('is proven with the key and a head from outside, whatever was refilled late, and whatever key signs now', async () => {
    const { key, head } = anchor;
    for (const one of await bothSay(honest, { key, head })) expect(one).toEqual({ code: 0, verdict: 'proven', findings: [] });
    for (const one of await bothSay(honest, { key: await fingerprintOf(second), head: anchor.before })) expect(one.verdict).toBe('proven');
  });

  it('is proven with reports beside the log, which are no part of it, whatever they are named', async () => {
    const folder = await copyWith((copy) => {
      for (const name of [
        '2026-10/posture-2026-10.html',
        '2026-10/posture-2026-10.manifest.json',
        'seals/000000000001.json',
        'log/day=2026-11-01/000000000001.jsonl',
      ]) {
        const file = path.join(copy, 'reports', name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, '<!doctype html>');
      }
    });
    for (const one of await bothSay(folder, { key: anchor.key, head: anchor.head }))
      expect(one).toEqual({ code: 0, verdict: 'proven', findings: [] });
  });

  it('is only consistent without one of the two: completeness is not proven', async () => {
    for (const known of [{}, { key: anchor.key }, { head: anchor.head }])
      for (const one of await bothSay(honest, known)) expect(one).toEqual({ code: 0, verdict: 'consistent', findings: [] });
  });

  it('is told of a part in words that say no more than that', async () => {
    const { key, head } = anchor;
    const say = async (...options: string[]) =>
      (await posture(['log', 'verify', '--archive', honest, '--key', key, '--head', head, ...options])).stdout;
    expect(await say('--since', '2026-11-01', '--until', '2026-11-01')).toMatch(
      /proven {2}In what was logged from 2026-11-01 00:00:00Z to 2026-11-01 23:59:59Z, nothing was altered/,
    );
    expect(await say('--remediation', remediationOf('A'))).toContain(`In the remediation ${remediationOf('A')}, nothing was altered`);
  });

  it('is told in words that say what is not proven', async () => {
    const { code, stdout } = await posture(['log', 'verify', '--archive', honest]);
    expect(code).toBe(0);
    expect(stdout).toContain('consistent; completeness not proven');
    expect(stdout).toContain('Without --key, the whole log may have been signed anew by another key.');
    expect(stdout).toContain('Without --head, the newest events and seals may have been removed together.');
    expect((await posture(['log', 'verify', '--archive', honest, '--key', anchor.key, '--head', anchor.before])).stdout).toMatch(
      /proven {2}Nothing was altered, removed, reordered or added up to seal 4 of 2026-11-01 14:00:00Z\.\n {2}The 1 seals after it/,
    );
  });
});

const a = trailOf('A');
const c = trailOf('C');
const d = trailOf('D');
const e = trailOf('E');

/** How somebody tampers, what was done to which event, as both verifiers name it first. */
const tampered: readonly (readonly [what: string, change: (folder: string) => unknown, code: string, trail: string, sequence: number])[] = [
  ['an event is altered', rewrite(([one = '', two = '', three = '']) => [one, two, changed(three)], 1), 'event-altered', a, 2],
  [
    'an event is altered with its hash',
    rewrite(([one = '', two = '', three = '']) => [one, two, changed(three, { hashed: true })], 1),
    'event-altered',
    a,
    3,
  ],
  ['an event in the middle of its trail is removed', rewrite((lines) => lines.slice(0, 2), 1), 'event-missing', a, 2],
  ['the last event of a trail is removed', rewrite((lines) => lines.slice(0, 1), 4), 'event-missing', c, 3],
  [
    'a whole remediation is removed',
    (folder) => {
      rewrite((lines) => lines.filter((line) => !line.includes(d)), 3)(folder);
      rewrite((lines) => lines.filter((line) => !line.includes(d)), 4)(folder);
    },
    'event-missing',
    d,
    1,
  ],
  ['a whole batch is removed', (folder) => rmSync(batchFile(folder, 4)), 'event-missing', d, 2],
  ['two events of a trail are reordered', rewrite((lines) => swap(lines, 0, 2), 1), 'events-reordered', a, 1],
  ['an event is added to a trail', rewrite((lines) => [...lines, continued(lines[0] ?? '')], 4), 'event-added', d, 3],
  [
    'an event is added under the number of another',
    rewrite((lines) => [...lines, changed(lines[0] ?? '', { hashed: true })], 4),
    'event-added',
    d,
    2,
  ],
  ['a trail is added', rewrite((lines) => [...lines, continued(lines[1] ?? '', `${a}X`)], 3), 'event-added', `${a}X`, 1],
  ['a trail is written anew with all its hashes', rechain, 'event-altered', a, 3],
  [
    'a refilled event is altered',
    (folder) => writeBatch(folder, 6, [changed(linesOf(batchFile(folder, 6, '2026-11-03'))[0] ?? '')], '2026-11-03'),
    'event-altered',
    e,
    2,
  ],
];

describe.each(tampered)('an archive in which %s', (_, change, code, trail, sequence) => {
  it('is told by both verifiers, which name the event', async () => {
    const folder = await copyWith(change);
    for (const one of await bothSay(folder, {})) {
      expect([one.code, one.verdict]).toEqual([2, 'tampered']);
      expect(one.findings[0]).toMatchObject({ code, trail, sequence });
    }
  });
});

/** What names no event. */
const others: readonly (readonly [what: string, change: (folder: string) => unknown, code: string, known: 'nothing' | 'key' | 'head'])[] = [
  ['events of several trails are reordered', rewrite((lines) => swap(lines, 0, 1), 4), 'events-reordered', 'nothing'],
  ['a record that is no event is removed', rewrite((lines) => lines.slice(0, 2), 3), 'event-missing', 'nothing'],
  ['an object is added', (folder) => writeBatch(folder, 3, ['{}'], '2026-11-02'), 'batch-added', 'nothing'],
  [
    'a seal is altered',
    (folder) => writeFileSync(sealFile(folder, 2), readFileSync(sealFile(folder, 2), 'utf8').replace('"version":1', '"version":1 ')),
    'seal-altered',
    'nothing',
  ],
  [
    'a seal is replaced by one that the same key never signed',
    async (folder) => {
      const seal = { ...sealIn(folder, 2), time: '2026-11-01T12:30:00.000Z' };
      writeFileSync(sealFile(folder, 2), sealText(seal, await ownSigner().sign(seal)));
    },
    'seal-altered',
    'nothing',
  ],
  [
    'a seal is replaced by one that an own key signs',
    async (folder) => {
      const signer = ownSigner();
      const { fingerprint, key } = await signer.publicKey();
      writeFileSync(path.join(folder, 'keys', `${fingerprint}.pem`), key.export({ type: 'spki', format: 'pem' }));
      const seal = { ...sealIn(folder, 2), key: fingerprint };
      writeFileSync(sealFile(folder, 2), sealText(seal, await signer.sign(seal)));
    },
    'key-changed',
    'nothing',
  ],
  [
    'the key itself signs another seal in the place of an earlier one',
    async (folder) => {
      const seal = { ...sealIn(folder, 2), trails: [], root: rootOf([]), batches: [], to: 2, last: sealIn(folder, 1).last };
      writeFileSync(sealFile(folder, 2), sealText(seal, await first.sign(seal)));
    },
    'seal-replaced',
    'nothing',
  ],
  ...(
    [
      ['a batch whose key is a number', (seal) => ({ batches: seal.batches.map((one) => ({ ...one, key: 7 })) })],
      ['a number of lines in a text', (seal) => ({ batches: seal.batches.map((one) => ({ ...one, lines: '3' })) })],
      ['a number where a hash has to be', () => ({ previous: 7, root: 7 })],
      ['a list for its time', () => ({ time: [] })],
      ['a number for its table', () => ({ table: 7 })],
      ['a trail that has a text for its length', (seal) => ({ trails: seal.trails.map((one) => ({ ...one, length: '1' })) })],
    ] satisfies (readonly [string, (seal: Seal) => object])[]
  ).map(
    ([what, change]) =>
      [
        `the key itself signs a seal with ${what}`,
        async (folder: string) => {
          const seal = { ...sealIn(folder, 4), ...change(sealIn(folder, 4)) } as unknown as Seal;
          writeFileSync(sealFile(folder, 4), sealText(seal, await first.sign(seal)));
        },
        'seal-altered',
        'nothing',
      ] as const,
  ),
  [
    'a public key is of a kind that nobody knows',
    (folder) => {
      const body = Buffer.from('300d300706032a0304050003020000', 'hex').toString('base64');
      writeFileSync(path.join(folder, 'keys', `${anchor.key}.pem`), `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`);
    },
    'key-missing',
    'nothing',
  ],
  [
    'the file of a seal has digits of another script',
    (folder) => {
      cpSync(sealFile(folder, 2), path.join(folder, 'seals', `${'\u0660'.repeat(11)}\u0662.json`));
    },
    'seal-altered',
    'nothing',
  ],
  ['a seal is removed', (folder) => rmSync(sealFile(folder, 3)), 'seal-missing', 'nothing'],
  [
    'a public key is replaced',
    async (folder) => {
      const { key } = await ownSigner().publicKey();
      writeFileSync(path.join(folder, 'keys', `${anchor.key}.pem`), key.export({ type: 'spki', format: 'pem' }));
    },
    'key-missing',
    'nothing',
  ],
  ['an administrator has signed everything anew', (folder) => sealAnew(folder, 1, ownSigner()), 'key-not-pinned', 'key'],
  ['an administrator has signed everything anew with the same key', (folder) => sealAnew(folder, 1, first), 'head-not-found', 'head'],
  [
    'everything of today is cut off',
    (folder) => {
      rmSync(path.dirname(batchFile(folder, 6, '2026-11-03')), { recursive: true });
      rmSync(sealFile(folder, 5));
    },
    'head-not-found',
    'head',
  ],
];

describe.each(others)('an archive in which %s', (_, change, code, known) => {
  it('is told by both verifiers', async () => {
    const folder = await copyWith(change);
    const options = { ...(known !== 'nothing' && { key: anchor.key }), ...(known === 'head' && { head: anchor.head }) };
    for (const one of await bothSay(folder, options)) {
      expect([one.code, one.verdict]).toEqual([2, 'tampered']);
      expect(one.findings.map((finding) => finding.code)).toContain(code);
    }
  });
});

describe('what nobody can tell from a copy alone', () => {
  it('is whether everything was signed anew, and whether the end was cut off', async () => {
    for (const change of [
      (folder: string) => sealAnew(folder, 1, ownSigner()),
      (folder: string) => {
        rmSync(path.dirname(batchFile(folder, 6, '2026-11-03')), { recursive: true });
        rmSync(sealFile(folder, 5));
      },
    ])
      for (const one of await bothSay(await copyWith(change), {})) {
        // The second event of E was refilled in the batch that is cut off: the third is there, and follows it.
        expect(one.findings.every(({ trail }) => trail === e)).toBe(true);
      }
  });

  it('is not taken for tampering: a copy without the folder, or of nothing, is an error', async () => {
    const empty = mkdtempSync(path.join(root, 'empty-'));
    for (const folder of [empty, path.join(root, 'none')]) {
      expect((await posture(['log', 'verify', '--archive', folder])).code).toBe(1);
      expect(spawnSync(python, [script, folder]).status).toBe(1);
    }
    expect((await posture(['log', 'verify', '--archive', honest, '--key', 'short'])).code).toBe(1);
    expect(spawnSync(python, [script, honest, '--key', 'short']).status).toBe(1);
  });
});

it('the hash of a seal is that of its object', () => {
  const content = readFileSync(sealFile(honest, 5));
  expect(hashOfText(content)).toBe(hashOf(content));
  expect(anchor.head).toBe(hashOf(content));
});

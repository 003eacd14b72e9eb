import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { batchKey } from '../../functions/archive/format';
import { canonicalJson } from '../../functions/canonical-json';
import { folderArchive } from '../../functions/cli/log/verify/folder-archive';
import { chain } from '../../functions/log/chain';
import type { EventInput, LogEvent } from '../../functions/log/event';
import type { Archive } from '../../functions/seal/s3-archive';
import { readPublicKey, type Seal } from '../../functions/seal/seal';
import { sealArchive } from '../../functions/seal/seal-archive';
import type { Signer } from '../../functions/seal/signer';

export const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/posture-log';

/** A key that signs as KMS does. */
export function ownSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    publicKey: async () => readPublicKey(der),
    sign: async (seal: Seal) => sign('sha256', Buffer.from(canonicalJson(seal)), { key: privateKey, dsaEncoding: 'der' }),
  };
}

export const fingerprintOf = async (signer: Signer): Promise<string> => (await signer.publicKey()).fingerprint;

/** A folder that is written like the bucket. */
export const writableFolder = (folder: string): Archive => ({
  async *list(prefix, after) {
    yield* (await folderArchive(folder)).list(prefix, after);
  },
  open: async (key) => (await folderArchive(folder)).open(key),
  async write(key, content) {
    const file = path.join(folder, key);
    if (existsSync(file)) return 'exists';
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return 'written';
  },
});

const start = Date.UTC(2026, 10, 1, 10);

/** A clock that tests set by hours. */
export function hourlyClock(): { now(): Date; sleep(): Promise<void>; pass(hours: number): void } {
  let hour = 0;
  return {
    now: () => new Date(start + hour * 3_600_000),
    sleep: async () => {},
    pass: (hours) => {
      hour += hours;
    },
  };
}

export const rule = 's3-bucket-versioning-enabled';
export const trailOf = (name: string): string => `${rule}/${remediationOf(name)}`;
export const remediationOf = (name: string): string => `01K6Z3NDEKTSV4RRFFQ69G5F${name}${name}`;

/** The events of the trails of an archive, written one after the other. */
export function events(clock: { now(): Date }): (name: string, more?: Partial<EventInput>) => LogEvent {
  const last = new Map<string, LogEvent>();
  return (name, more = {}) => {
    const subject = {
      remediation: remediationOf(name),
      rule,
      version: '0.1.0',
      finding: `finding ${name}`,
      source: 'security-hub',
      detectedBy: 'S3.14',
      partition: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
      resource: `arn:aws:s3:::${name.toLowerCase()}-ä-\u{1f600}`,
      resourceType: 'AWS::S3::Bucket',
    };
    const input: EventInput = {
      kind: 'applied',
      reason: 'Because "it"\n\u0007 is so.',
      actor: 'arn:aws:iam::1:role/r',
      after: { '10': 1.5, '9': [1e-7, null, true], ö: {} },
      ...more,
    };
    const event = chain(subject, last.get(name), input, clock.now());
    last.set(name, event);
    return event;
  };
}

export const lineOf = (name: string, event: LogEvent, more: { readonly refilled?: true } = {}): string =>
  canonicalJson({ trail: trailOf(name), sequence: event.sequence, event, ...more });

export const batchFile = (folder: string, number: number, day = '2026-11-01'): string => path.join(folder, batchKey(day, number));

export function writeBatch(folder: string, number: number, lines: readonly string[], day?: string): void {
  const file = batchFile(folder, number, day);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
}

export const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What is known outside of the account. */
export interface Anchor {
  readonly key: string;
  readonly head: string;
  /** The head an hour before the last one. */
  readonly before: string;
}

/**
 * An archive as our functions write it: the trails A to E, a record that is no event, an hour without events, events that the stream lost for 30
 * hours and that were refilled, a change of the key, and a batch that is not sealed yet.
 */
export async function writeHonestArchive(folder: string, first: Signer, second: Signer): Promise<Anchor> {
  const clock = hourlyClock();
  const event = events(clock);
  const archive = writableFolder(folder);
  const heads: string[] = [];
  const seal = async (signer = first) => {
    clock.pass(1);
    const { newest } = await sealArchive({ archive, signer, former: first, table, clock, secondsLeft: () => 900 });
    heads.push(newest?.hash ?? '');
  };
  const [a1, a2, a3, b1, b2, c1] = ['A', 'A', 'A', 'B', 'B', 'C'].map((name) => event(name)) as [
    LogEvent,
    LogEvent,
    LogEvent,
    LogEvent,
    LogEvent,
    LogEvent,
  ];
  writeBatch(folder, 1, [lineOf('A', a1), lineOf('B', b1), lineOf('A', a2)]);
  writeBatch(folder, 2, [lineOf('A', a3), lineOf('B', b2), lineOf('C', c1)]);
  await seal();
  const [c2, c3, d1, d2] = ['C', 'C', 'D', 'D'].map((name) => event(name)) as [LogEvent, LogEvent, LogEvent, LogEvent];
  const forged = canonicalJson({
    trail: 'a trail of somebody',
    sequence: 1,
    item: { trail: { S: 'a trail of somebody' }, sequence: { N: '1' } },
  });
  writeBatch(folder, 3, [lineOf('C', c2), lineOf('D', d1), forged]);
  writeBatch(folder, 4, [lineOf('D', d2), lineOf('C', c3)]);
  await seal();
  await seal();
  // The stream delivers the third event, and stands still for the second, which is refilled.
  const [e1, e2, e3] = ['E', 'E', 'E'].map((name) => event(name)) as [LogEvent, LogEvent, LogEvent];
  writeBatch(folder, 5, [lineOf('E', e1), lineOf('E', e3)]);
  await seal(second);
  clock.pass(30);
  writeBatch(folder, 6, [lineOf('E', e2, { refilled: true }), lineOf('E', e3, { refilled: true })], '2026-11-03');
  await seal(second);
  writeBatch(folder, 7, [lineOf('F', event('F'))], '2026-11-03');
  return { key: await fingerprintOf(first), head: heads.at(-1) ?? '', before: heads.at(-2) ?? '' };
}

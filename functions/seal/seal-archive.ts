import { sealKey } from '../archive/format';
import type { Clock } from '../clock';
import { minutes, seconds } from '../duration';
import { type Bounds, type Gathered, gather } from './gather';
import { publicKeyKey } from './keys';
import { lastSeal, SealsBroken } from './last-seal';
import { rootOf } from './merkle';
import type { Archive } from './s3-archive';
import { hashOfText, type PublicKey, pemOf, type Seal, sealText } from './seal';
import type { Signer } from './signer';
import { sortedTrails } from './summarize-batch';

export interface SealPorts {
  readonly archive: Archive;
  /** The key that signs; the one before it signs the seal that names it. */
  readonly signer: Signer;
  readonly former: Signer;
  /** The ARN of the log table. */
  readonly table: string;
  readonly clock: Clock;
  readonly secondsLeft: () => number;
  readonly bounds?: Bounds;
}

/** The newest seal, with the hash of its object. */
export type Newest = Pick<Seal, 'number' | 'time' | 'to' | 'last' | 'key' | 'nextKey'> & { readonly hash: string };

/** What a run has done. */
export interface SealRun {
  readonly seals: number;
  readonly batches: number;
  /** Why a batch is not sealed. */
  readonly gap?: string;
  readonly newest?: Newest;
}

const defaultBounds: Bounds = { batches: 1000, lines: 50_000 };

/** The next hour, or the next attempt, goes on from there. */
const enough = seconds(120);

/** A seal without batches says that there were none. Two in the same hour would say nothing more. */
const pause = minutes(30);

const beginning = { number: 0, time: '', to: 0, last: '', hash: '', key: undefined, nextKey: undefined } as const;

/**
 * Seals what was archived since the last seal, by one seal or several. Each is written once, after all that it is about: two runs at once, or one
 * that ends anywhere, leave nothing that the next run does not go on from.
 */
export async function sealArchive(ports: SealPorts): Promise<SealRun> {
  const { archive, clock, bounds = defaultBounds } = ports;
  const last = await lastSeal(archive);
  let newest: Newest | undefined = last && { ...last.seal, hash: last.hash };
  let seals = 0;
  let batches = 0;
  let gap: string | undefined;
  for (let more = true; more; ) {
    const gathered = await gather(archive, newest ?? beginning, bounds);
    gap = gathered.gap;
    const by = await signerAfter(newest, ports);
    const isHandover = by.nextKey !== undefined;
    if (gathered.batches.length === 0 && !isHandover && isRecent(newest, clock)) break;
    const written = await write(gathered, newest, by, ports);
    // Another run is at work.
    if (!written) break;
    newest = written;
    seals += 1;
    batches += gathered.batches.length;
    more = (gathered.more || isHandover) && ports.secondsLeft() * seconds(1) > enough;
  }
  return { seals, batches, ...(gap !== undefined && { gap }), ...(newest && { newest }) };
}

const isRecent = (newest: Newest | undefined, clock: Clock): boolean =>
  newest !== undefined && clock.now().getTime() - Date.parse(newest.time) < pause;

/** Who signs the next seal, and for whom. */
interface Signing {
  readonly signer: Signer;
  readonly key: PublicKey;
  /** The key that signs from then on, if it changes. */
  readonly nextKey?: PublicKey;
}

async function signerAfter(newest: Newest | undefined, { signer, former }: SealPorts): Promise<Signing> {
  const [key, old] = await Promise.all([signer.publicKey(), former.publicKey()]);
  const own = [key.fingerprint, old.fingerprint];
  // Whoever signed everything anew, and named our key as the next one, gets no signature of ours on top.
  if (newest && !own.includes(newest.key)) throw new SealsBroken(foreignKey(newest.key, own));
  const expected = newest?.nextKey?.key ?? newest?.key ?? key.fingerprint;
  if (expected === key.fingerprint) return { signer, key };
  if (expected === old.fingerprint) return { signer: former, key: old, nextKey: key };
  throw new SealsBroken(foreignKey(expected, own));
}

const foreignKey = (expected: string, own: readonly string[]): string =>
  `The seals are signed by the key ${expected}, and the function has ${[...new Set(own)].join(' and ')}. Name the key of the last seal in the parameter FormerSealKey.`;

async function write(
  gathered: Gathered,
  newest: Newest | undefined,
  by: Signing,
  { archive, table, clock }: SealPorts,
): Promise<Newest | undefined> {
  const before = newest ?? beginning;
  const now = clock.now().toISOString();
  const seal: Seal = {
    version: 1,
    number: before.number + 1,
    // Clocks differ, and the times of seals never go back.
    time: now > before.time ? now : before.time,
    previous: before.hash,
    table,
    from: before.to + 1,
    to: before.to + gathered.batches.length,
    batches: [...gathered.batches],
    root: rootOf(gathered.batches.map(({ root }) => root)),
    trails: [...sortedTrails(gathered.heads)],
    last: gathered.batches.at(-1)?.key ?? before.last,
    key: by.key.fingerprint,
    ...(by.nextKey && { nextKey: { key: by.nextKey.fingerprint } }),
  };
  const text = sealText(seal, await by.signer.sign(seal));
  for (const key of [by.key, ...(by.nextKey ? [by.nextKey] : [])]) await archive.write(publicKeyKey(key.fingerprint), pemOf(key));
  if ((await archive.write(sealKey(seal.number), text)) === 'exists') return undefined;
  return { ...seal, hash: hashOfText(text) };
}

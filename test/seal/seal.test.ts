import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { batchKey, sealKey } from '../../functions/archive/format';
import { SealsBroken } from '../../functions/seal/last-seal';
import { rootOf } from '../../functions/seal/merkle';
import { isDue } from '../../functions/seal/publish-head';
import { type Archive, s3Archive } from '../../functions/seal/s3-archive';
import { isSignedBy, readSeal, sealText } from '../../functions/seal/seal';
import { type SealPorts, sealArchive } from '../../functions/seal/seal-archive';
import { kmsSigner, type Signer } from '../../functions/seal/signer';
import { verifyLog } from '../../functions/seal/verify/verify';
import { useEmulator } from '../emulator/use';
import { events, hourlyClock, lineOf, ownSigner, table, trailOf } from './honest-archive';

const emulator = useEmulator();
let Bucket: string;
let s3: S3Client;
let kms: KMSClient;
let signer: Signer;
let other: Signer;
let archive: Archive;
let clock: ReturnType<typeof hourlyClock>;
let event: ReturnType<typeof events>;

beforeEach(async () => {
  const account = await emulator.account();
  Bucket = `archive-${account.account}`;
  [s3, kms] = [account.client(S3Client), account.client(KMSClient)];
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  [signer, other] = [await kmsKey(), await kmsKey()];
  archive = s3Archive(s3, Bucket);
  clock = hourlyClock();
  event = events(clock);
});

async function kmsKey(): Promise<Signer> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
  return kmsSigner(kms, KeyMetadata?.Arn ?? '');
}

const run = (more: Partial<SealPorts> = {}) =>
  sealArchive({ archive, signer, former: signer, table, clock, secondsLeft: () => 900, ...more });
const put = (number: number, names: readonly string[], day = '2026-11-01') =>
  s3.send(
    new PutObjectCommand({
      Bucket,
      Key: batchKey(day, number),
      Body: names.map((name) => `${lineOf(name, event(name))}\n`).join(''),
      IfNoneMatch: '*',
    }),
  );
async function sealAt(number: number) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: sealKey(number) }));
  const read = readSeal((await Body?.transformToByteArray()) ?? new Uint8Array());
  if (!read) throw new Error(`Seal ${number} is not valid.`);
  return read;
}
const sealKeys = async () => ((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'seals/' }))).Contents ?? []).map(({ Key }) => Key);
const verdict = async () => (await verifyLog({ of: 'all' }, { archive, clock })).verdict;

describe('the hourly seal', () => {
  it('covers what was archived since the last one, with the heads of its trails, and is signed by the key of KMS', async () => {
    await put(1, ['A', 'B', 'A']);
    await put(2, ['A']);
    expect(await run()).toMatchObject({ seals: 1, batches: 2, newest: { number: 1, to: 2 } });
    clock.pass(1);
    await put(3, ['B', 'C'], '2026-11-02');
    await run();
    const [first, second] = [await sealAt(1), await sealAt(2)];
    expect(first.seal).toMatchObject({ number: 1, previous: '', from: 1, to: 2, table, last: batchKey('2026-11-01', 2) });
    expect(first.seal.trails.map(({ trail, length }) => [trail, length])).toEqual([
      [trailOf('A'), 3],
      [trailOf('B'), 1],
    ]);
    expect(first.seal.root).toBe(rootOf(first.seal.batches.map(({ root }) => root)));
    expect(second.seal).toMatchObject({ number: 2, previous: first.hash, from: 3, to: 3, batches: [{ number: 3, lines: 2 }] });
    for (const one of [first, second]) expect(isSignedBy(one, await signer.publicKey())).toBe(true);
    expect(isSignedBy(first, await other.publicKey())).toBe(false);
    expect(await verdict()).toBe('consistent');
  });

  it('is written every hour, also if nothing was archived, and not twice in an hour', async () => {
    expect(await run()).toMatchObject({ seals: 1, batches: 0 });
    expect(await run()).toMatchObject({ seals: 0 });
    clock.pass(1);
    expect(await run()).toMatchObject({ seals: 1, batches: 0, newest: { number: 2, to: 0 } });
    await put(1, ['A']);
    expect(await run()).toMatchObject({ seals: 1, batches: 1, newest: { number: 3, to: 1 } });
  });

  it('is written by one of two runs at once', async () => {
    await put(1, ['A']);
    const runs = await Promise.all([run(), run(), run()]);
    expect(runs.map(({ seals }) => seals).toSorted()).toEqual([0, 0, 1]);
    expect(await sealKeys()).toEqual([sealKey(1)]);
    expect(await verdict()).toBe('consistent');
  });

  it('takes a large backlog in several seals, each of bounded size', async () => {
    for (let number = 1; number <= 5; number += 1) await put(number, ['A', 'B']);
    expect(await run({ bounds: { batches: 2, lines: 100 } })).toMatchObject({ seals: 3, batches: 5 });
    expect((await sealAt(3)).seal).toMatchObject({ from: 5, to: 5 });
    for (let number = 6; number <= 9; number += 1) await put(number, ['A', 'B']);
    expect(await run({ bounds: { batches: 100, lines: 3 } })).toMatchObject({ seals: 2, batches: 4 });
    for (let number = 10; number <= 12; number += 1) await put(number, ['A', 'B']);
    expect(await run({ bounds: { batches: 1, lines: 100 }, secondsLeft: () => 60 })).toMatchObject({ seals: 1, batches: 1 });
    expect(await run()).toMatchObject({ seals: 1, batches: 2 });
    expect(await verdict()).toBe('consistent');
  });

  it('goes on after a crash at any of its steps', async () => {
    await put(1, ['A']);
    const steps = ['list', 'open', 'write'] as const;
    for (let step = 1; step <= 12; step += 1) {
      let count = 0;
      const crashing = Object.fromEntries(
        steps.map((name) => [
          name,
          (...given: never[]) => {
            count += 1;
            if (count === step) throw new Error('The process ended.');
            return (archive[name] as (...all: never[]) => unknown)(...given);
          },
        ]),
      ) as unknown as Archive;
      await run({ archive: crashing }).catch((error: Error) => expect(error.message).toBe('The process ended.'));
      await put(step + 1, ['A']);
    }
    await run();
    expect(await verdict()).toBe('consistent');
    expect((await sealAt((await sealKeys()).length)).seal.to).toBe(13);
  });

  it('stops before a batch that is missing, says so, and goes on when it is there', async () => {
    await put(1, ['A']);
    await put(3, ['B']);
    expect(await run()).toMatchObject({ seals: 1, batches: 1, gap: `Batch 2 is missing: ${batchKey('2026-11-01', 3)} is in its place.` });
    clock.pass(1);
    expect(await run()).toMatchObject({ seals: 1, batches: 0, gap: expect.any(String) });
    await put(2, ['C']);
    const { gap, batches } = await run();
    expect([gap, batches]).toEqual([undefined, 2]);
  });

  it('stops before an object that is no batch', async () => {
    await put(1, ['A']);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'log/day=2026-11-01/000000000002.json', Body: '{}' }));
    expect((await run()).gap).toContain('is not the key of a batch');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'log/day=2026-11-01/000000000002.json' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: batchKey('2026-11-01', 2), Body: '' }));
    expect((await run()).gap).toContain('has no lines');
  });
});

describe('the key of the seals', () => {
  it('is changed by a seal that the old key signs, and then signs all others', async () => {
    await put(1, ['A']);
    await run();
    await put(2, ['A']);
    await run({ signer: other });
    await put(3, ['A']);
    await run({ signer: other });
    const [old, fresh] = [(await signer.publicKey()).fingerprint, (await other.publicKey()).fingerprint];
    expect((await sealAt(2)).seal).toMatchObject({ key: old, nextKey: { key: fresh } });
    expect((await sealAt(3)).seal).toMatchObject({ key: fresh });
    expect((await verifyLog({ of: 'all', key: old, head: (await sealAt(3)).hash }, { archive, clock })).verdict).toBe('proven');
  });

  it('is not replaced without the old one', async () => {
    await run();
    clock.pass(1);
    await expect(run({ signer: other, former: other })).rejects.toThrow(SealsBroken);
  });

  it('signs nothing after seals of another key, even if those name it as the next', async () => {
    const somebody = ownSigner();
    await run({ signer, former: somebody });
    // They have removed our seals, and sealed anew.
    for (const Key of await sealKeys()) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await run({ signer: somebody, former: somebody });
    clock.pass(1);
    await run({ signer, former: somebody, clock });
    expect((await sealAt(2)).seal.nextKey).toBeDefined();
    await s3.send(new DeleteObjectCommand({ Bucket, Key: sealKey(3) }));
    clock.pass(1);
    await expect(run()).rejects.toThrow(/FormerSealKey/);
  });
});

describe('seals that are not in order', () => {
  beforeEach(async () => {
    for (let hour = 0; hour < 3; hour += 1) {
      await run();
      clock.pass(1);
    }
  });

  it('get no further one: after one that was removed', async () => {
    await s3.send(new DeleteObjectCommand({ Bucket, Key: sealKey(2) }));
    await expect(run()).rejects.toThrow('Seal 2 is missing');
  });

  it('get no further one: after one that was altered', async () => {
    const { seal } = await sealAt(3);
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: sealKey(3),
        Body: sealText({ ...seal, time: '2026-12-01T00:00:00.000Z' }, await ownSigner().sign(seal)),
      }),
    );
    await expect(run()).rejects.toThrow('does not have the signature of its key');
    await s3.send(new PutObjectCommand({ Bucket, Key: sealKey(3), Body: '{}' }));
    await expect(run()).rejects.toThrow('is not a valid seal');
  });
});

it('the head is published by the run of midnight, by each, or by none, as the schedule says', () => {
  const [midnight, noon] = [new Date('2026-11-02T00:20:00Z'), new Date('2026-11-02T12:20:00Z')];
  expect([isDue('daily', midnight), isDue('daily', noon)]).toEqual([true, false]);
  expect([isDue('hourly', noon), isDue('off', midnight)]).toEqual([true, false]);
});

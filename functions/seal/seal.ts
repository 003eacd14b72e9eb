import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '../canonical-json';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.int().positive();

const sealShape = z.strictObject({
  version: z.literal(1),
  number,
  time: z.iso.datetime(),
  /** The hash of the object of the seal before, or `''`. */
  previous: z.union([hash, z.literal('')]),
  /** The ARN of the log table. */
  table: z.string(),
  /** The numbers of the first and the last batch; `to` is `from - 1` if there is none. */
  from: number,
  to: z.int().nonnegative(),
  batches: z.array(z.strictObject({ number, key: z.string(), lines: number, root: hash })),
  /** The Merkle root over the roots of the batches. */
  root: hash,
  /** Of each trail that the batches touch: the highest sequence in them, and the hash of that event. Sorted by trail. */
  trails: z.array(z.strictObject({ trail: z.string(), length: number, head: z.string() })),
  /** The key of the batch `to`, or `''` as long as there is none. */
  last: z.string(),
  /** The fingerprint of the key that signs: the SHA-256 of its DER SubjectPublicKeyInfo. */
  key: hash,
  /** The fingerprint of the key that signs all further seals. */
  nextKey: z.strictObject({ key: hash }).optional(),
});

/** What is signed: some batches of the archive, chained to the seal before. */
export type Seal = z.infer<typeof sealShape>;
export type SealedBatch = Seal['batches'][number];
export type SealedTrail = Seal['trails'][number];

const algorithm = 'ECDSA_SHA_256';
const objectShape = z.strictObject({ seal: sealShape, algorithm: z.literal(algorithm), signature: z.base64() });
type SealObject = z.infer<typeof objectShape>;

/** A seal with its signature, and the hash of its object, which the next seal contains. */
export interface ReadSeal extends SealObject {
  readonly hash: string;
}

/** The text of a seal's object. The signature, in DER, is over the canonical JSON of the seal. */
export const sealText = (seal: Seal, signature: Uint8Array): string =>
  canonicalJson({ seal, algorithm, signature: Buffer.from(signature).toString('base64') } satisfies SealObject);

export const hashOfText = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** The seal of an object; undefined if it is not valid, or not canonical JSON. */
export function readSeal(content: Uint8Array): ReadSeal | undefined {
  try {
    const text = Buffer.from(content).toString();
    const read = objectShape.safeParse(JSON.parse(text));
    return read.success && canonicalJson(read.data) === text ? { ...read.data, hash: hashOfText(content) } : undefined;
  } catch {
    return undefined;
  }
}

/** A public key, with its fingerprint. */
export interface PublicKey {
  readonly fingerprint: string;
  readonly key: KeyObject;
}

/** Reads a public key in DER or PEM. Throws if it is none. */
export function readPublicKey(content: Uint8Array | string): PublicKey {
  const key =
    typeof content === 'string' ? createPublicKey(content) : createPublicKey({ key: Buffer.from(content), format: 'der', type: 'spki' });
  return { key, fingerprint: hashOfText(key.export({ type: 'spki', format: 'der' })) };
}

export const pemOf = ({ key }: PublicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();

export const isSignedBy = ({ seal, signature }: SealObject, { key, fingerprint }: PublicKey): boolean =>
  seal.key === fingerprint &&
  verify('sha256', Buffer.from(canonicalJson(seal)), { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));

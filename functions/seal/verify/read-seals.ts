import { quote } from '../../untrusted-text';
import { type ArchiveReader, readObject } from '../archive-reader';
import { batchNumberOf, prefixes, publicKeyKey, sealNumberOf } from '../keys';
import { rootOf } from '../merkle';
import { isSignedBy, type PublicKey, type ReadSeal, readPublicKey, readSeal, type Seal } from '../seal';
import { ahead } from './ahead';
import type { Finding } from './finding';

/** What the seals say of themselves. */
export interface SealChain {
  /** The seals in order, each checked against the one before. */
  seals(): AsyncGenerator<ReadSeal>;
  /** The keys that signed. */
  readonly signers: ReadonlySet<string>;
}

/** Seals that are read before they are needed: each takes a request. */
const readAhead = 16;

export function sealChain(archive: ArchiveReader, found: (finding: Finding) => void): SealChain {
  const { signers, check } = signatures(archive, found);
  return { seals, signers };

  async function* seals(): AsyncGenerator<ReadSeal> {
    let expected = 1;
    let last: ReadSeal | undefined;
    for await (const { number, content } of objects()) {
      if (number > expected) found({ code: 'seal-missing', seal: expected, text: missingText(expected, number - 1) });
      const seal = sealIn(content, number);
      if (seal) await check(seal);
      for (const finding of findingsIn(number, seal, last)) found(finding);
      if (seal) yield seal;
      last = seal;
      expected = number + 1;
    }
  }

  async function* objects() {
    for await (const { key, content } of ahead(archive.list(prefixes.seals), readAhead, load)) {
      const number = sealNumberOf(key);
      if (number === undefined) found({ code: 'seal-altered', text: `${quote(key)} is not the key of a seal.` });
      else yield { number, content };
    }
  }

  async function load(key: string) {
    return { key, content: await readObject(archive, key) };
  }
}

function sealIn(content: Uint8Array | undefined, number: number): ReadSeal | undefined {
  const seal = content && readSeal(content);
  return seal?.seal.number === number ? seal : undefined;
}

/** After a seal that is missing or unreadable, there is nothing to compare with. */
function findingsIn(number: number, read: ReadSeal | undefined, last: ReadSeal | undefined): readonly Finding[] {
  if (!read) return [{ code: 'seal-altered', seal: number, text: `Seal ${number} is not a valid seal with this number.` }];
  const own = problemsIn(read.seal).map(
    (text): Finding => ({ code: 'seal-altered', seal: number, text: `Seal ${number} contradicts itself: ${text}` }),
  );
  return number === 1 || last?.seal.number === number - 1 ? [...own, ...problemsAfter(last, read)] : own;
}

/** Checks the signatures of seals by the public keys of the archive, each of which is read once. */
function signatures(archive: ArchiveReader, found: (finding: Finding) => void) {
  const signers = new Set<string>();
  const keys = new Map<string, Promise<PublicKey | undefined>>();
  return { signers, check };

  async function check(seal: ReadSeal): Promise<void> {
    const { number, key } = seal.seal;
    const known = keys.get(key) ?? publicKey(key);
    keys.set(key, known);
    const publicPart = await known;
    if (!publicPart)
      found({ code: 'key-missing', seal: number, text: `The archive does not have the public key ${key} of seal ${number}.` });
    else if (!isSignedBy(seal, publicPart))
      found({ code: 'seal-altered', seal: number, text: `Seal ${number} does not have the signature of its key ${key}.` });
    else signers.add(key);
  }

  async function publicKey(fingerprint: string): Promise<PublicKey | undefined> {
    const pem = await readObject(archive, publicKeyKey(fingerprint));
    try {
      const read = pem && readPublicKey(pem.toString());
      return read?.fingerprint === fingerprint ? read : undefined;
    } catch {
      return undefined;
    }
  }
}

const missingText = (from: number, to: number): string =>
  from === to ? `Seal ${from} is missing.` : `The seals ${from} to ${to} are missing.`;

/** What is wrong in a seal by itself. Its signature covers all of it: only the key's holder could have made that. */
function problemsIn({ batches, from, to, root, last }: Seal): readonly string[] {
  const inOrder = batches.every(({ number, key }, index) => number === from + index && batchNumberOf(key) === number);
  return [
    ...(inOrder && to === from + batches.length - 1 ? [] : ['its batches are not those that it counts.']),
    ...(root === rootOf(batches.map((batch) => batch.root)) ? [] : ['its root is not that of its batches.']),
    ...(batches.length === 0 || last === batches.at(-1)?.key ? [] : ['its last batch is another one.']),
  ];
}

/** What is wrong in a seal after the one before it. */
function problemsAfter(before: ReadSeal | undefined, { seal }: ReadSeal): readonly Finding[] {
  const { number } = seal;
  const at = before?.seal;
  const expectedKey = at?.nextKey?.key ?? at?.key;
  const continues = at
    ? seal.from === at.to + 1 && seal.time >= at.time && seal.table === at.table && (seal.batches.length > 0 || seal.last === at.last)
    : seal.from === 1;
  return [
    ...(seal.previous === (before?.hash ?? '')
      ? []
      : [{ code: 'seal-replaced', seal: number - 1, text: `Seal ${number - 1} is not the one that seal ${number} continues.` } as const]),
    ...(continues
      ? []
      : [{ code: 'seal-replaced', seal: number, text: `Seal ${number} does not go on where seal ${number - 1} ends.` } as const]),
    ...(expectedKey === undefined || seal.key === expectedKey
      ? []
      : [
          {
            code: 'key-changed',
            seal: number,
            text: `Seal ${number} is signed by the key ${seal.key}, and seal ${number - 1} allows only ${expectedKey}.`,
          } as const,
        ]),
  ];
}

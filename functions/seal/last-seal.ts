import { type ArchiveReader, readObject } from './archive-reader';
import { prefixes, publicKeyKey, sealNumberOf } from './keys';
import { isSignedBy, type ReadSeal, readPublicKey, readSeal } from './seal';

/** The seals of the archive do not allow another one. */
export class SealsBroken extends Error {
  override readonly name = 'SealsBroken';
}

/** The newest seal; undefined if there is none. All keys are listed: a search would take the seal before a removed one for the newest. */
export async function lastSeal(archive: ArchiveReader): Promise<ReadSeal | undefined> {
  let count = 0;
  let newest: string | undefined;
  for await (const key of archive.list(prefixes.seals)) {
    count += 1;
    newest = key;
    if (sealNumberOf(key) !== count) throw new SealsBroken(`Seal ${count} is missing: ${key} is in its place. Nothing is sealed.`);
  }
  if (newest === undefined) return undefined;
  const content = await readObject(archive, newest);
  const seal = content && readSeal(content);
  if (!seal || seal.seal.number !== count) throw new SealsBroken(`${newest} is not a valid seal. Nothing is sealed.`);
  const pem = await readObject(archive, publicKeyKey(seal.seal.key));
  if (!pem || !isSignedBy(seal, readPublicKey(pem.toString())))
    throw new SealsBroken(`${newest} does not have the signature of its key ${seal.seal.key}. Nothing is sealed.`);
  return seal;
}

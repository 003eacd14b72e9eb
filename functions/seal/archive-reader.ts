/** The objects of an archive: those of the bucket, or a copy of them in a folder. */
export interface ArchiveReader {
  /** The keys below a prefix after a key, in the order of their UTF-8 bytes. */
  list(prefix: string, after?: string): AsyncIterable<string>;
  /** Undefined if there is no such object. */
  open(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** The content of a small object; undefined if there is no such object. */
export async function readObject(archive: ArchiveReader, key: string): Promise<Buffer | undefined> {
  const chunks = await archive.open(key);
  if (!chunks) return undefined;
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

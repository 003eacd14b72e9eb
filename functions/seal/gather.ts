import type { ArchiveReader } from './archive-reader';
import { batchNumberOf, prefixes } from './keys';
import type { Seal, SealedBatch } from './seal';
import { type Heads, summarizeBatch } from './summarize-batch';

/** The batches of one seal. */
export interface Gathered {
  readonly batches: readonly SealedBatch[];
  readonly heads: Heads;
  /** Whether batches may be left for another seal. */
  readonly more: boolean;
  /** Why the seal stops before a batch: one before it is missing, or it is no batch. */
  readonly gap?: string;
}

/** More are sealed by the next seals. A line of the list of trails has about 200 bytes. */
export interface Bounds {
  readonly batches: number;
  readonly lines: number;
}

/** Reads the batches after the last sealed one, in the order of their numbers. */
export async function gather(archive: ArchiveReader, { to, last }: Pick<Seal, 'to' | 'last'>, bounds: Bounds): Promise<Gathered> {
  const batches: SealedBatch[] = [];
  const heads: Heads = new Map();
  let lines = 0;
  for await (const key of archive.list(prefixes.batches, last)) {
    if (batches.length >= bounds.batches || lines >= bounds.lines) return { batches, heads, more: true };
    const expected = to + batches.length + 1;
    const number = batchNumberOf(key);
    if (number !== expected) return { batches, heads, more: false, gap: gapText(key, number, expected) };
    const chunks = await archive.open(key);
    if (!chunks) return { batches, heads, more: false, gap: `${key} was removed while it was read.` };
    const batch = await summarizeBatch(chunks, heads);
    if (batch.lines === 0) return { batches, heads, more: false, gap: `${key} has no lines.` };
    batches.push({ number, key, ...batch });
    lines += batch.lines;
  }
  return { batches, heads, more: false };
}

const gapText = (key: string, number: number | undefined, expected: number): string =>
  number === undefined ? `${key} is not the key of a batch.` : `Batch ${expected} is missing: ${key} is in its place.`;

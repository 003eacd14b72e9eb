import type { ArchiveReader } from '../archive-reader';
import { readObject } from '../archive-reader';
import { type Line, readLine } from '../line';
import { linesOf } from '../lines';
import { merkleTree } from '../merkle';

/** A batch as it is in the archive. */
export interface ReadBatch {
  readonly lines: readonly Line[];
  readonly root: string;
}

/** Undefined if there is no such object. */
export async function readBatch(archive: ArchiveReader, key: string): Promise<ReadBatch | undefined> {
  const content = await readObject(archive, key);
  if (!content) return undefined;
  const tree = merkleTree();
  const lines: Line[] = [];
  for await (const text of linesOf(once(content))) {
    tree.add(text);
    lines.push(readLine(text));
  }
  return { lines, root: tree.root() };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

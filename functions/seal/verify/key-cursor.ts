import type { ArchiveReader } from '../archive-reader';
import { prefixes } from '../keys';

/** The keys of batches, seal by seal: one list of the bucket, as long as no seal is passed over. */
export interface KeyCursor {
  /** The keys after one up to another, both `''` for the beginning. */
  upTo(after: string, last: string): Promise<readonly string[]>;
  /** All further keys. */
  rest(after: string): Promise<readonly string[]>;
}

export function keyCursor(archive: ArchiveReader): KeyCursor {
  let position: string | undefined;
  let keys: AsyncIterator<string> | undefined;
  let next: IteratorResult<string> | undefined;
  return { upTo, rest: (after) => upTo(after, '\u{10ffff}') };

  async function upTo(after: string, last: string): Promise<readonly string[]> {
    if (position !== after || !keys) {
      keys = archive.list(prefixes.batches, after)[Symbol.asyncIterator]();
      next = await keys.next();
    }
    const found: string[] = [];
    while (next && !next.done && next.value <= last) {
      found.push(next.value);
      next = await keys.next();
    }
    position = last;
    return found;
  }
}

import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveReader } from '../../../seal/archive-reader';
import { prefixes } from '../../../seal/keys';
import { Unable } from '../../failure';

/** A copy of the bucket in a folder. */
export async function folderArchive(folder: string): Promise<ArchiveReader> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new Unable(`The folder ${folder} does not exist. Copy the bucket into it: \`aws s3 sync s3://<bucket> ${folder}\`.`);
  const keys = (await Promise.all(Object.values(prefixes).map(keysBelow))).flat().toSorted();
  const known = new Set(keys);
  return {
    async *list(prefix, after = '') {
      for (let index = firstAfter(after > prefix ? after : prefix); index < keys.length; index += 1) {
        const key = keys[index];
        if (!key?.startsWith(prefix)) return;
        yield key;
      }
    },
    open: async (key) => (known.has(key) ? createReadStream(path.join(folder, key)) : undefined),
  };

  async function keysBelow(prefix: string): Promise<readonly string[]> {
    const entries = await readdir(path.join(folder, prefix), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  }

  /** The index of the first key after this one. */
  function firstAfter(after: string): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] ?? '') <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

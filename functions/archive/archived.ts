import * as z from 'zod';
import type { ArchiveBucket } from './bucket';

/** Which events the archive holds. */
export interface Archived {
  has(trail: string, sequence: number): boolean;
  /** Lines that can't be read: what they were is filled in from the table. */
  readonly unreadable: number;
}

const lineShape = z.object({ trail: z.string(), sequence: z.number() });

/** Reads which events are in the batches that were written at this time or later; without a time, in all. */
export async function readArchived(bucket: Pick<ArchiveBucket, 'writtenSince' | 'read'>, since: Date | undefined): Promise<Archived> {
  const held = new Set<string>();
  let unreadable = 0;
  for await (const batch of bucket.writtenSince(since)) {
    for (const line of (await bucket.read(batch)).split('\n')) {
      if (line === '') continue;
      const key = keyOf(line);
      if (key === undefined) unreadable += 1;
      else held.add(key);
    }
  }
  return { has: (trail, sequence) => held.has(`${sequence} ${trail}`), unreadable };
}

function keyOf(line: string): string | undefined {
  try {
    const { trail, sequence } = lineShape.parse(JSON.parse(line));
    return `${sequence} ${trail}`;
  } catch {
    return undefined;
  }
}

import { readLine } from './line';
import { linesOf } from './lines';
import { merkleTree } from './merkle';
import type { SealedTrail } from './seal';

/** The highest event of each trail so far. */
export type Heads = Map<string, Omit<SealedTrail, 'trail'>>;

/** The root over the lines of a batch, and their number. Notes the heads of the trails that it touches. */
export async function summarizeBatch(
  chunks: AsyncIterable<Uint8Array>,
  heads: Heads,
): Promise<{ readonly lines: number; readonly root: string }> {
  const tree = merkleTree();
  for await (const text of linesOf(chunks)) {
    tree.add(text);
    const line = readLine(text);
    if (line.is === 'event') noteHead(heads, line.trail, { length: line.sequence, head: line.event.hash });
  }
  return { lines: tree.size, root: tree.root() };
}

/** Of two events with the same number, the first counts. */
export function noteHead(heads: Heads, trail: string, head: Omit<SealedTrail, 'trail'>): void {
  if ((heads.get(trail)?.length ?? 0) < head.length) heads.set(trail, head);
}

/** Sorted by UTF-16 code units, as the keys of canonical JSON. */
export const sortedTrails = (heads: Heads): readonly SealedTrail[] =>
  [...heads].map(([trail, head]) => ({ trail, ...head })).toSorted((a, b) => (a.trail < b.trail ? -1 : 1));

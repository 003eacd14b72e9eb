import type { Position } from './cursor';
import type { Item } from './item';
import type { LogEntry } from './question';
import type { PartitionPage } from './read-partition';

interface Queued {
  readonly item: Item;
  readonly entry: LogEntry;
  /** Where the read began that found it. */
  readonly from: Position;
}

/** A partition whose matching entries are taken one by one, in its order, and read ahead in pages. */
export interface ReadAhead {
  /** The next entry, if one was read. */
  readonly head: LogEntry | undefined;
  /** Whether the next entry, or that there is none, is not known yet. */
  readonly isDry: boolean;
  /** The time up to which all is known; undefined before the first read. */
  readonly reached: string | undefined;
  /** Where to go on after what was taken. */
  readonly position: Position;
  take(): LogEntry | undefined;
  readOn(): Promise<void>;
}

export function readAhead(start: Position, read: (start: Item | undefined, round: number) => Promise<PartitionPage>): ReadAhead {
  const queue: Queued[] = [];
  let next = start;
  let taken: Queued | undefined;
  let round = 0;
  return {
    get head() {
      return queue[0]?.entry;
    },
    get isDry() {
      return queue.length === 0 && next !== 'end';
    },
    get reached() {
      return typeof next === 'string' ? undefined : next.time?.S;
    },
    get position() {
      const [first] = queue;
      if (!first) return next;
      // After what was taken of the same read, or else where the read of the next entry began.
      return taken?.from === first.from ? taken.item : first.from;
    },
    take() {
      taken = queue.shift();
      return taken?.entry;
    },
    async readOn() {
      if (next === 'end') return;
      const from = next;
      const { found, last } = await read(from === 'start' ? undefined : from, round);
      round += 1;
      queue.push(...found.map(([item, entry]) => ({ item, entry, from })));
      next = last ?? 'end';
    },
  };
}

import { setFlagsFromString } from 'node:v8';

/** How far the heap grows beyond what is in use, in percent, before the garbage is collected. */
const growth = 20;

/**
 * Keeps the memory of a long reading near what it needs. V8 lets a heap grow to several times of what is in use, where the machine has the
 * memory: a report of a year then takes twice as much. This is no limit: what is in use may still grow.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${growth}`);
}

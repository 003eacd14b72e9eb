import { createReadStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { batchKey, lineOf } from '../../functions/archive/format';
import { itemOf } from '../../functions/log/item';
import type { Archive } from '../../functions/seal/s3-archive';
import { sealArchive } from '../../functions/seal/seal-archive';
import { fingerprintOf, ownSigner, writableFolder } from '../seal/honest-archive';
import type { MadeTrail } from './events';

/** An archive of all events in a folder, sealed each day, as the functions write it. Returns what a reader knows from a message. */
export async function writeArchive(
  folder: string,
  trails: readonly MadeTrail[],
  { table, perBatch = 100 }: { readonly table: string; readonly perBatch?: number },
): Promise<{ readonly key: string; readonly head: string; readonly batches: number }> {
  const events = trails.flatMap(({ key, events: own }) => own.map((event) => ({ key, event })));
  events.sort((a, b) => Number(a.event.time > b.event.time) - Number(a.event.time < b.event.time));
  const archive: Archive = {
    ...writableFolder(folder),
    // Without a look at all of the folder each time.
    open: async (key) => (existsSync(path.join(folder, key)) ? createReadStream(path.join(folder, key)) : undefined),
  };
  const signer = ownSigner();
  let batches = 0;
  let head = '';
  let day = '';
  for (let from = 0; from < events.length; from += perBatch) {
    const some = events.slice(from, from + perBatch);
    const written = some.at(-1)?.event.time.slice(0, 10) ?? '';
    if (day !== '' && written !== day) await seal(`${day}T23:59:59.999Z`);
    day = written;
    batches += 1;
    const file = path.join(folder, batchKey(day, batches));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, some.map(({ key, event }) => `${lineOf(itemOf(event, key))}\n`).join(''));
  }
  await seal(`${day}T23:59:59.999Z`);
  return { key: await fingerprintOf(signer), head, batches };

  async function seal(time: string): Promise<void> {
    const clock = { now: () => new Date(time), sleep: async () => {} };
    const { newest } = await sealArchive({ archive, signer, former: signer, table, clock, secondsLeft: () => 900 });
    head = newest?.hash ?? head;
  }
}

import type { ArchiveBucket } from './bucket';
import type { Batch } from './format';
import type { Slots } from './slots';

export interface WritePorts {
  readonly slots: Slots;
  readonly bucket: Pick<ArchiveBucket, 'create'>;
}

/** The size from which a batch is written: large events don't exhaust the memory of the function, or of a reader. */
const maxBytes = 8_000_000;

/** Writes the lines as one batch, or several if they are large, each once under the next number. */
export async function writeLines(lines: Iterable<string>, ports: WritePorts): Promise<readonly Batch[]> {
  const written: Batch[] = [];
  let texts: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    texts.push(`${line}\n`);
    bytes += Buffer.byteLength(line) + 1;
    if (bytes >= maxBytes) await flush();
  }
  await flush();
  return written;

  async function flush(): Promise<void> {
    if (texts.length > 0) written.push(await writeBatch(texts.join(''), ports));
    texts = [];
    bytes = 0;
  }
}

async function writeBatch(text: string, { slots, bucket }: WritePorts): Promise<Batch> {
  for (;;) {
    const batch = await slots.open();
    const result = await bucket.create(batch, text);
    await slots.close(batch);
    // If another writer has taken the number, this text gets the next one.
    if (result === 'created') return batch;
  }
}

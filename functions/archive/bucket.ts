import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { isErrorLike } from '../aws/error';
import { retry } from '../backoff';
import type { Clock } from '../clock';
import { type Batch, batchKey, dayPrefix, logPrefix, parseBatchKey } from './format';

/** The batches of the archive. */
export interface ArchiveBucket {
  /** Writes a batch if there is none of this number. */
  create(batch: Batch, text: string): Promise<'created' | 'exists'>;
  /** The batch with the highest number. */
  last(): Promise<Batch | undefined>;
  /** The batches that were written at this time or later, in order; without a time, all of them. */
  writtenSince(time: Date | undefined): AsyncIterable<Batch>;
  read(batch: Batch): Promise<string>;
}

/** Milliseconds between two attempts while another writer creates the same object. */
const pauses = [50, 100, 200, 400, 800];

export function s3Archive(client: S3Client, bucket: string, clock: Clock): ArchiveBucket {
  const keyOf = ({ day, number }: Batch) => batchKey(day, number);
  return {
    async create(batch, text) {
      const command = () =>
        client.send(
          new PutObjectCommand({ Bucket: bucket, Key: keyOf(batch), Body: text, IfNoneMatch: '*', ContentType: 'application/x-ndjson' }),
        );
      try {
        await retry(command, isConflict, { clock, pauses, jitter: true });
        return 'created';
      } catch (error) {
        if (isErrorLike(error) && error.name === 'PreconditionFailed') return 'exists';
        throw error;
      }
    },

    async last() {
      let day: string | undefined;
      for await (const one of days()) day = one;
      if (day === undefined) return undefined;
      let last: Batch | undefined;
      for await (const { batch } of batches({ Prefix: dayPrefix(day) })) last = batch;
      return last;
    },

    async *writtenSince(time) {
      const after = time && { StartAfter: dayPrefix(time.toISOString().slice(0, 10)) };
      for await (const { batch, written } of batches({ Prefix: logPrefix, ...after }))
        if (time === undefined || written >= time) yield batch;
    },

    async read(batch) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(batch) }));
      return (await Body?.transformToString()) ?? '';
    },
  };

  async function* batches(where: { readonly Prefix: string; readonly StartAfter?: string }) {
    for await (const { Contents = [] } of pages(where)) {
      for (const { Key = '', LastModified } of Contents) {
        const batch = parseBatchKey(Key);
        if (batch) yield { batch, written: LastModified ?? new Date(0) };
      }
    }
  }

  async function* days() {
    for await (const { CommonPrefixes = [] } of pages({ Prefix: logPrefix, Delimiter: '/' })) {
      for (const { Prefix = '' } of CommonPrefixes) {
        const [, day] = /^log\/day=(\d{4}-\d{2}-\d{2})\/$/.exec(Prefix) ?? [];
        if (day !== undefined) yield day;
      }
    }
  }

  /** S3 lists in the order of the keys, which is that of the numbers. */
  async function* pages(where: { readonly Prefix: string; readonly StartAfter?: string; readonly Delimiter?: string }) {
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, ...where, ...(token !== undefined && { ContinuationToken: token }) }),
      );
      yield page;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }
}

/** Another writer is creating the object at this moment. */
const isConflict = (error: unknown): boolean => isErrorLike(error) && error.name === 'ConditionalRequestConflict';

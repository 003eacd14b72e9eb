import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { isErrorLike } from '../../aws/error';
import { retry } from '../../backoff';
import type { Clock } from '../../clock';

/** An object as it is in the bucket, whoever wrote it. */
export interface Stored {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly hash: string;
  readonly by: 'us' | 'before';
}

export interface ReportBucket {
  has(key: string): Promise<boolean>;
  /** Writes an object once. If there is one with the key, it stays, and is what is answered. */
  create(key: string, type: string, parts: Iterable<string>): Promise<Stored>;
}

/** Milliseconds between two attempts while another writer creates the same object. */
const pauses = [200, 400, 800, 1600, 3200];

export function s3Reports(client: S3Client, bucket: string, clock: Clock): ReportBucket {
  return {
    async has(key) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
      return Contents.some(({ Key }) => Key === key);
    },

    async create(key, type, parts) {
      const folder = await mkdtemp(path.join(tmpdir(), 'report-'));
      try {
        const file = path.join(folder, 'report');
        const written = await writeFile(file, parts);
        return (await put(key, type, file, written)) ? { key, ...written, by: 'us' } : { key, ...(await read(key)), by: 'before' };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };

  /** A file has a length, and can be sent again: a stream that is made meanwhile has neither. */
  async function put(key: string, type: string, file: string, { bytes, hash }: Pick<Stored, 'bytes' | 'hash'>): Promise<boolean> {
    const command = () =>
      client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: createReadStream(file),
          ContentLength: bytes,
          ContentType: type,
          ChecksumSHA256: Buffer.from(hash, 'hex').toString('base64'),
          IfNoneMatch: '*',
        }),
      );
    try {
      await retry(command, isConflict, { clock, pauses, jitter: true });
      return true;
    } catch (error) {
      if (isErrorLike(error) && error.name === 'PreconditionFailed') return false;
      throw error;
    }
  }

  async function read(key: string): Promise<Pick<Stored, 'bytes' | 'hash'>> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of Body as unknown as AsyncIterable<Uint8Array>) {
      hash.update(part);
      bytes += part.byteLength;
    }
    return { bytes, hash: hash.digest('hex') };
  }
}

async function writeFile(file: string, parts: Iterable<string>): Promise<Pick<Stored, 'bytes' | 'hash'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'w');
  try {
    for (const part of parts) {
      const data = Buffer.from(part);
      hash.update(data);
      bytes += data.byteLength;
      await handle.writeFile(data);
    }
  } finally {
    await handle.close();
  }
  return { bytes, hash: hash.digest('hex') };
}

/** Another writer is creating the object at this moment. */
const isConflict = (error: unknown): boolean => isErrorLike(error) && error.name === 'ConditionalRequestConflict';

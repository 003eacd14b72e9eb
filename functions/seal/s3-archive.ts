import { GetObjectCommand, NoSuchKey, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { isErrorLike } from '../aws/error';
import type { ArchiveReader } from './archive-reader';

/** The archive in its bucket. */
export interface Archive extends ArchiveReader {
  /** Writes an object once: `exists` if one with the key is there, or another writer is about to write it. */
  write(key: string, content: string): Promise<'written' | 'exists'>;
}

export const s3Archive = (client: S3Client, bucket: string): Archive => ({
  async *list(prefix, after) {
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix, ...(after && { StartAfter: after }) });
    for await (const { Contents = [] } of pages) for (const { Key } of Contents) if (Key !== undefined) yield Key;
  },

  async open(key) {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },

  async write(key, content) {
    try {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, IfNoneMatch: '*' }));
      return 'written';
    } catch (error) {
      if (isErrorLike(error) && ['PreconditionFailed', 'ConditionalRequestConflict'].includes(error.name)) return 'exists';
      throw error;
    }
  },
});

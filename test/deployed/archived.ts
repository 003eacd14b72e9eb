import { deepStrictEqual as equal, ok, rejects } from 'node:assert';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { names } from '../../infra/names';
import { newUser } from './operator';
import type { Stage } from './stage';

const everything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** The stream of the log, the function that archives it, and the policy of the bucket. */
export async function archived({ checks, dynamo }: Stage): Promise<void> {
  console.log('The archive of the log');
  const s3 = new S3Client({});
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.map(({ Name = '' }) => Name).find((name) => /^posture-archivebucket/i.test(name)) ?? '';
  const keysOf = async () =>
    (await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'log/' }))).Contents?.map(({ Key = '' }) => Key) ?? [];

  await checks.check('all events of the log are in the archive, in batches whose numbers have no gaps', async () => {
    const wanted = new Set<string>();
    for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: names.log, ConsistentRead: true }))
      for (const { trail, sequence } of Items) wanted.add(`${trail?.S} ${sequence?.N}`);
    const until = Date.now() + 60_000;
    for (;;) {
      const keys = await keysOf();
      equal(
        keys.map((key) => Number(/(\d{12})\.jsonl$/.exec(key)?.[1])),
        keys.map((_, index) => index + 1),
      );
      const missing = new Set(wanted);
      for (const Key of keys) {
        const text = (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '';
        for (const line of text.trimEnd().split('\n')) {
          const { trail, sequence } = JSON.parse(line) as { readonly trail: string; readonly sequence: number };
          missing.delete(`${trail} ${sequence}`);
        }
      }
      if (missing.size === 0) return ok(wanted.size > 40);
      if (Date.now() > until) equal([...missing], []);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });

  await checks.check('an administrator can not write, replace or delete an object of it, or change its policy', async () => {
    const admin = new S3Client({ credentials: await newUser(new IAMClient({}), 'archive-admin', everything) });
    const [Key = ''] = await keysOf();
    const refused = { name: 'AccessDenied' };
    await admin.send(new GetObjectCommand({ Bucket, Key }));
    await rejects(admin.send(new DeleteBucketPolicyCommand({ Bucket })), refused);
    await rejects(admin.send(new PutObjectCommand({ Bucket, Key, Body: '{}' })), refused);
    await rejects(
      admin.send(new PutObjectCommand({ Bucket, Key: 'log/day=2026-01-01/000000999999.jsonl', Body: '{}', IfNoneMatch: '*' })),
      refused,
    );
    await rejects(admin.send(new DeleteObjectCommand({ Bucket, Key })), refused);
  });
}

import { createHash, createHmac } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendCommandCommand } from '@aws-sdk/client-ssm';
import { commandWithDocument, documentsIn } from '../../functions/aws/documents';
import { isTransient } from '../../functions/aws/error';
import { placeholderOf } from '../../rules/document';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const text = "patches:\n  - id: 'openssl-libs.x86_64'\n";
const now = new Date('2026-11-24T12:00:00.000Z');
const clock = { now: () => now, sleep: async () => {} };

async function bucketIn() {
  const account = await emulator.account();
  const Bucket = `documents-${account.account}`;
  await account
    .client(S3Client)
    .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: account.region as 'eu-west-1' } }));
  const url = `${account.configuration.endpoint}/${Bucket}/a-rule`;
  return { account, Bucket, documents: documentsIn({ url, client: account.client(DynamoDBClient), clock }) };
}

describe('a document', () => {
  it('is stored under the hash of its content, and read by anybody with the URL', async () => {
    const { account, Bucket, documents } = await bucketIn();
    const url = new URL(await documents.publish(text));
    const hash = createHash('sha256').update(text).digest('hex');
    expect(url.pathname).toBe(`/${Bucket}/a-rule/${hash}.yaml`);
    const { Body } = await account.client(S3Client).send(new GetObjectCommand({ Bucket, Key: `a-rule/${hash}.yaml` }));
    expect(await Body?.transformToString()).toBe(text);
    expect(await (await fetch(url)).text()).toBe(text);
  });

  it('has a URL that is valid for an hour, with the signature that Amazon S3 computes', async () => {
    const { account, documents } = await bucketIn();
    const url = new URL(await documents.publish(text));
    expect(url.searchParams.get('X-Amz-Expires')).toBe('3600');
    expect(url.searchParams.get('X-Amz-Date')).toBe('20261124T120000Z');
    const { secretAccessKey, sessionToken } = account.configuration.credentials;
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe(sessionToken ?? null);
    expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url, secretAccessKey, account.region));
  });

  it('that can not be stored is told as an error that may be transient, or not', async () => {
    const account = await emulator.account();
    const url = `${account.configuration.endpoint}/no-such-bucket-${account.account}/a-rule`;
    const failed = documentsIn({ url, client: account.client(DynamoDBClient), clock }).publish(text);
    const error: unknown = await failed.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: expect.stringContaining('S3 returned NoSuchBucket, HTTP status 404') });
    expect(isTransient(error)).toBe(false);
    expect(isTransient(Object.assign(new Error('x'), { $metadata: { httpStatusCode: 503 } }))).toBe(true);
  });
});

describe('a command with a document', () => {
  const rule = { id: 'a-rule', commands: [SendCommandCommand] };
  const command = (url: string) =>
    new SendCommandCommand({ DocumentName: 'AWS-RunPatchBaseline', Parameters: { InstallOverrideList: [url], Operation: ['Install'] } });
  const documents = { publish: async () => 'https://bucket.s3.eu-west-1.amazonaws.com/list.yaml?X-Amz-Signature=a' };

  it('is sent with the URL in the place of the placeholder, and stays as it is in the plan', async () => {
    const planned = command(placeholderOf(text));
    const ready = await commandWithDocument(planned, text, { rule, documents });
    expect(ready).toBeInstanceOf(SendCommandCommand);
    expect(ready.input).toEqual({
      DocumentName: 'AWS-RunPatchBaseline',
      Parameters: { InstallOverrideList: [await documents.publish()], Operation: ['Install'] },
    });
    expect(planned.input.Parameters?.InstallOverrideList).toEqual([placeholderOf(text)]);
  });

  it('is not sent if it names another document or another URL', async () => {
    for (const url of [placeholderOf('another'), 'https://attacker.example/list.yaml'])
      await expect(commandWithDocument(command(url), text, { rule, documents })).rejects.toThrow('does not name its document');
  });

  it('is not sent where no document can be stored', async () => {
    await expect(commandWithDocument(command(placeholderOf(text)), text, { rule, documents: undefined })).rejects.toThrow(
      'can be stored only by the function of the rule',
    );
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function signatureOf(url: URL, secret: string, region: string): string {
  const encoded = (value: string) =>
    encodeURIComponent(value).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
  const request = ['GET', url.pathname, query, `host:${url.host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const scope = `20261124/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', '20261124T120000Z', scope, createHash('sha256').update(request).digest('hex')].join('\n');
  const sign = (key: string | Buffer, part: string) => createHmac('sha256', key).update(part).digest();
  const key = ['20261124', region, 's3', 'aws4_request'].reduce<string | Buffer>(sign, `AWS4${secret}`);
  return sign(key, toSign).toString('hex');
}

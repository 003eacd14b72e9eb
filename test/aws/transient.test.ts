import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { runInNewContext } from 'node:vm';
import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { isAccessDenied, isExplicitDeny, isTransient, describe as text } from '../../functions/aws/error';

it('a connection that is reset again and again is transient, whatever the realm of its error', async () => {
  const server = createServer((socket) => socket.resetAndDestroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new S3Client({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    maxAttempts: 2,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  });
  const error = await client.send(new GetBucketVersioningCommand({ Bucket: 'b' })).catch((thrown: unknown) => thrown);
  client.destroy();
  server.close();
  expect(text(error)).toMatch(/ECONNRESET|socket hang up/);
  expect(isTransient(error)).toBe(true);
});

it.each([
  ["Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })", true],
  ["new Error('AWS SDK error wrapper for Error: read ECONNRESET')", true],
  ["Object.assign(new Error('slow down'), { name: 'ThrottlingException' })", true],
  ["Object.assign(new Error('no ECONNRESET here'), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } })", false],
  ["Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })", false],
  ["'ECONNRESET'", false],
])('of another realm, %s is transient: %s', (source, expected) => {
  const error: unknown = runInNewContext(source);
  expect(error instanceof Error).toBe(false);
  expect(isTransient(error)).toBe(expected);
});

it.each([
  ['AccessDenied', 'no', true, false],
  ['AccessDeniedException', 'with an explicit deny in a service control policy', true, true],
  ['UnauthorizedOperation', 'You are not authorized', true, false],
  ['AuthorizationErrorException', 'no', true, false],
  ['ValidationException', 'explicit deny', false, false],
])('%s (%s) is refused by IAM: %s, expressly: %s', (name, message, denied, expressly) => {
  const error = Object.assign(new Error(message), { name });
  expect([isAccessDenied(error), isExplicitDeny(error)]).toEqual([denied, expressly]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { assumeRole } from './account';
import { type LambdaFunction, type LambdaOptions, startLambda } from './lambda';
import { useEmulator } from './use';

const emulator = useEmulator();
const folder = mkdtempSync(path.join(tmpdir(), 'lambda-'));
const started: LambdaFunction[] = [];

afterEach(async () => {
  for (const lambda of started.splice(0)) await lambda.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

const host = async (source: string, options: Partial<LambdaOptions> = {}) => {
  const file = `handler-${files++}`;
  writeFileSync(path.join(folder, `${file}.js`), source);
  const lambda = startLambda({
    name: 'posture-test',
    account: '111122223333',
    region: 'eu-west-1',
    code: folder,
    handler: `${file}.handler`,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' },
    endpoint: emulator.gateway.url,
    ...options,
  });
  started.push(lambda);
  return lambda;
};

describe('a hosted function', () => {
  it('answers events one after another in the same warm process', async () => {
    const lambda = await host('let count = 0; exports.handler = async (event) => ({ count: ++count, event, pid: process.pid });');
    const first = await lambda.invoke({ a: ['ü', 1] });
    const second = await lambda.invoke('text');
    expect(first).toMatchObject({ cold: true, result: { count: 1, event: { a: ['ü', 1] } } });
    expect(second).toMatchObject({ cold: false, result: { count: 2, event: 'text' } });
  });

  it('answers null where the handler returns nothing', async () => {
    const lambda = await host('exports.handler = async () => {};');
    expect(await lambda.invoke({})).toMatchObject({ result: null });
  });

  it('has the context of Lambda', async () => {
    const lambda = await host('exports.handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() });', {
      timeoutSeconds: 20,
      memory: 512,
    });
    const invocation = await lambda.invoke({});
    expect(invocation).toMatchObject({
      result: {
        functionName: 'posture-test',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:posture-test',
        memoryLimitInMB: '512',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    const { left } = (invocation as unknown as { result: { left: number } }).result;
    expect(left).toBeGreaterThan(18_000);
    expect(left).toBeLessThanOrEqual(20_000);
  });

  it('has the environment of Lambda and its own, and none of this process', async () => {
    process.env.SECRET_OF_THE_TESTS = 'x';
    const lambda = await host('exports.handler = async () => process.env;', { environment: { LOG_TABLE: 'log' } });
    const { result } = (await lambda.invoke({})) as unknown as { result: Record<string, string> };
    delete process.env.SECRET_OF_THE_TESTS;
    expect(result).toMatchObject({
      LOG_TABLE: 'log',
      AWS_LAMBDA_FUNCTION_NAME: 'posture-test',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL: emulator.gateway.url,
      TZ: ':UTC',
    });
    expect(result).not.toHaveProperty('SECRET_OF_THE_TESTS');
  });

  it('passes a thrown error on, and lives', async () => {
    const lambda = await host('exports.handler = async (fail) => { if (fail) throw new TypeError("no good"); return process.pid; };');
    await lambda.invoke(false);
    expect(await lambda.invoke(true)).toMatchObject({ error: { errorType: 'TypeError', errorMessage: 'no good' } });
    expect(await lambda.invoke(false)).toMatchObject({ cold: false });
  });

  it('is killed at its timeout, and starts afresh', async () => {
    const lambda = await host('exports.handler = async (hang) => { while (hang) {} return "done"; };', { timeoutSeconds: 1.5 });
    const invocation = await lambda.invoke(true);
    expect(invocation).toMatchObject({ timedOut: { seconds: 1.5 } });
    expect(invocation.milliseconds).toBeGreaterThanOrEqual(1490);
    expect(await lambda.invoke(false)).toMatchObject({ cold: true, result: 'done' });
  });

  it('tells that its process ended', async () => {
    const lambda = await host('exports.handler = async (how) => { if (how) process.exit(7); return "fine"; };');
    expect(await lambda.invoke(true)).toMatchObject({ crashed: { code: 7 } });
    expect(await lambda.invoke(false)).toMatchObject({ cold: true, result: 'fine' });
  });

  it('tells that its process was killed', async () => {
    const lambda = await host(
      'exports.handler = async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => setInterval(() => {}, 1000)); };',
    );
    expect(await lambda.invoke({})).toMatchObject({ crashed: { signal: 'SIGKILL' } });
  });

  it('ends on a rejection that nobody handles', async () => {
    const lambda = await host(
      'exports.handler = async (bad) => { if (!bad) return "fine"; Promise.reject(new Error("lost")); await new Promise((resolve) => setTimeout(resolve, 1000)); };',
    );
    expect(await lambda.invoke(true)).toMatchObject({ error: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'lost' } });
    expect(await lambda.invoke(false)).toMatchObject({ cold: true, result: 'fine' });
  });

  it.each([
    ['a file that is not there', undefined, { handler: 'nowhere.handler' }, 'Runtime.ImportModuleError'],
    ['an export that is not there', 'exports.other = 1;', {}, 'Runtime.HandlerNotFound'],
    ['a file that throws as it is loaded', 'throw new RangeError("at load");', {}, 'RangeError'],
  ])('does not start from %s', async (_, source, options, errorType) => {
    const lambda = await host(source ?? '', options);
    expect(await lambda.invoke({})).toMatchObject({ error: { errorType } });
  });

  it('keeps what it writes, line by line', async () => {
    const lambda = await host('exports.handler = async () => { console.log("one\\ntwo"); console.error("three"); };');
    await lambda.invoke({});
    expect([...lambda.logs].sort()).toEqual(['one', 'three', 'two']);
  });

  it('handles events at a time in processes of their own, up to its concurrency', async () => {
    const lambda = await host(
      'exports.handler = async () => { await new Promise((resolve) => setTimeout(resolve, 300)); return process.pid; };',
      { concurrency: 2 },
    );
    const invocations = await Promise.all([lambda.invoke(1), lambda.invoke(2), lambda.invoke(3)]);
    const pids = new Set(invocations.map((invocation) => 'result' in invocation && invocation.result));
    expect(pids.size).toBe(2);
  });

  it('calls AWS through the gateway with the credentials of its role', async () => {
    const account = await emulator.account();
    const role = `arn:aws:iam::${account.account}:role/posture/function-role`;
    await account
      .client(S3Client)
      .send(
        new CreateBucketCommand({ Bucket: `hosted-${account.account}`, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
      );
    const sdk = JSON.stringify(require.resolve('@aws-sdk/client-s3'));
    const lambda = await host(
      `const { S3Client, ListBucketsCommand, ListObjectsV2Command } = require(${sdk}); const s3 = new S3Client({});
       exports.handler = async () => {
         const { Buckets } = await s3.send(new ListBucketsCommand({}));
         await s3.send(new ListObjectsV2Command({ Bucket: Buckets[0].Name }));
         return Buckets.map(({ Name }) => Name);
       };`,
      { account: account.account, credentials: await assumeRole(emulator.gateway, role), timeoutSeconds: 10 },
    );
    emulator.gateway.clear();
    expect(await lambda.invoke({})).toMatchObject({ result: [`hosted-${account.account}`] });
    expect(emulator.gateway.calls.map(({ operation, role: by }) => [operation, by])).toEqual([
      [ListBucketsCommand.name.replace('Command', ''), role],
      ['ListObjectsV2', role],
    ]);
  });

  it('loads a handler from a folder, and a module', async () => {
    writeFileSync(path.join(folder, 'module.mjs'), 'export const run = { handler: async () => "module" };');
    const lambda = await host('', { code: path.dirname(folder), handler: `${path.basename(folder)}/module.run.handler` });
    expect(await lambda.invoke({})).toMatchObject({ result: 'module' });
  });

  it('cannot be invoked once it is stopped', async () => {
    const lambda = await host('exports.handler = async () => {};');
    await lambda.stop();
    await expect(lambda.invoke({})).rejects.toThrow('has been stopped');
  });
});

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeleteItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { systemClock } from '../../functions/clock';
import { keys } from '../../functions/coordination/keys';
import type { Subject } from '../../functions/log/event';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import type { Writer } from '../../functions/log/trail';
import { outcomeEventShape } from '../../functions/outcomes/outcome-schema';
import type { Account } from '../emulator/account';
import { findPython } from '../emulator/python';
import { useEmulator } from '../emulator/use';
import { securityHubImported } from '../events/security-hub';
import { createTables, environmentOf } from './central';
import { launch, launcher, usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const folder = mkdtempSync(path.join(tmpdir(), 'posture-'));
let account: Account;
let env: ReturnType<typeof environmentOf>;

beforeAll(async () => {
  account = await emulator.account();
  env = environmentOf(account);
  await createTables(account);
  await account.client(EventBridgeClient).send(new CreateEventBusCommand({ Name: 'posture' }));
});
afterAll(() => rmSync(folder, { recursive: true }));
// So many rollbacks in a day open the breakers of the rules.
beforeEach(async () => {
  for (const rule of ['s3-bucket-versioning-enabled', 's3-bucket-public-access-blocked']) {
    const Key = { key: { S: keys.breaker(rule, account.account) } };
    await account.client(DynamoDBClient).send(new DeleteItemCommand({ TableName: 'posture-coordination', Key }));
  }
});

const versioning = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  account.client(S3Client).send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const statusOf = async (Bucket: string) => (await account.client(S3Client).send(new GetBucketVersioningCommand({ Bucket }))).Status;

async function newBucket(): Promise<string> {
  const Bucket = `papers-${account.account}-${Math.random().toString(36).slice(2)}`;
  await account.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  return Bucket;
}

/** The remediation of a finding about the bucket. */
async function handled(bucket: string, control: string, args: readonly string[]): Promise<string> {
  const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
  const file = path.join(folder, `${bucket}.json`);
  writeFileSync(file, JSON.stringify(securityHubImported({ control, resource, account: account.account })));
  const { stdout } = await posture(['replay', file, ...args, '--json'], env);
  const [delivery] = JSON.parse(stdout) as { answers: { results: { remediation: string }[] }[] }[];
  return delivery?.answers[0]?.results[0]?.remediation ?? '';
}

/** A bucket whose suspended versioning was just enabled by the rule, or only looked at. */
async function fixedBucket(mode: 'fix' | 'observe' = 'fix'): Promise<{ readonly bucket: string; readonly remediation: string }> {
  const bucket = await newBucket();
  await versioning(bucket, 'Suspended');
  return { bucket, remediation: await handled(bucket, 'S3.14', ['--mode', mode]) };
}

// A pseudo-terminal, which Node alone can't make: it answers once it is asked.
const terminal = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b''
asked = False
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    said += chunk
    if b'[y/N]' in said and not asked:
        asked = True
        os.write(fd, sys.argv[1].encode() + b'\\n')
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

async function onTerminal(answer: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(await findPython(), ['-c', terminal, answer, process.execPath, launcher, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

describe('posture rollback', () => {
  it('shows what it would undo and does nothing without an interactive terminal', async () => {
    const { bucket, remediation } = await fixedBucket();
    const { code, stdout, stderr } = await launch(['rollback', remediation], { env, input: 'y\n' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Not an interactive terminal: pass --yes to skip the confirmation.\n' });
    expect(stdout).toContain(`Rollback of ${remediation}`);
    expect(stdout).toContain(
      `  s3:PutBucketVersioning  Bucket=${bucket}, ExpectedBucketOwner=${account.account}\n  - VersioningConfiguration.Status: Enabled\n  + VersioningConfiguration.Status: Suspended\n  reverts  s3:PutBucketVersioning  Bucket=${bucket}, `,
    );
    expect(await statusOf(bucket)).toBe('Enabled');
  });

  it('asks on a terminal, and takes nothing but a yes for one', async () => {
    const { bucket, remediation } = await fixedBucket();
    expect(await onTerminal('n', ['rollback', remediation])).toMatchObject({
      code: 1,
      output: expect.stringMatching(/\[y\/N\].*Not confirmed\. No changes were made\./s),
    });
    expect(await statusOf(bucket)).toBe('Enabled');
    expect(await onTerminal('y', ['rollback', remediation])).toMatchObject({
      code: 0,
      output: expect.stringContaining('The state of the resource is the same as before the fix.'),
    });
    expect(await statusOf(bucket)).toBe('Suspended');
  });

  it('restores the state before, proves it, and logs who asked', async () => {
    const { bucket, remediation } = await fixedBucket();
    const { code, stdout, stderr } = await posture(['rollback', remediation, '--yes'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('rolled-back  The state of the resource is the same as before the fix.');
    expect(stdout).toContain('proof  The resource was read again. Its state equals the logged state from before the fix.');
    expect(await statusOf(bucket)).toBe('Suspended');
    const trail = await posture(['log', '--remediation', remediation, '--json'], env);
    expect(JSON.parse(trail.stdout)).toMatchObject({
      intact: true,
      events: expect.arrayContaining([
        expect.objectContaining({ kind: 'rolled-back', outcome: 'rolled-back', actor: expect.stringContaining(`:${account.account}:`) }),
      ]),
    });
  });

  it('says so where the resource is as it was before already', async () => {
    const { bucket, remediation } = await fixedBucket();
    await versioning(bucket, 'Suspended');
    const { code, stdout } = await posture(['rollback', remediation, '--yes', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ remediation, outcome: 'rolled-back', proof: { sameAsBefore: true, logIntact: true } });
  });

  it('is refused where the resource has changed since, and can be forced', async () => {
    const bucket = await newBucket();
    const block = account.client(S3Client);
    const remediation = await handled(bucket, 'S3.8', ['--mode', 'fix', '--rule', 's3-bucket-public-access-blocked']);
    await block.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }));

    const refused = await posture(['rollback', remediation, '--yes'], env);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('rollback-refused  The resource has changed since the fix');
    expect(refused.stdout).toContain('differs  State before the fix (-) and now (+):');
    await block.send(new GetPublicAccessBlockCommand({ Bucket: bucket }));

    const forced = await posture(['rollback', remediation, '--yes', '--force'], env);
    expect(forced.stdout).toContain('Forced: later changes by others may be lost.');
    expect(forced.stdout).toContain('rolled-back  The state of the resource is the same as before the fix.');
    expect(forced.code).toBe(0);
    await expect(block.send(new GetPublicAccessBlockCommand({ Bucket: bucket }))).rejects.toThrow('public access block configuration');
  });

  it('sends nothing from a log that was altered', async () => {
    const { bucket, remediation } = await fixedBucket();
    const { stdout: log } = await posture(['log', '--remediation', remediation, '--json'], env);
    const { trail } = (JSON.parse(log) as { readonly events: readonly [{ readonly trail: string }] }).events[0];
    await account.client(DynamoDBClient).send(
      new UpdateItemCommand({
        TableName: 'posture-log',
        Key: { trail: { S: trail }, sequence: { N: '1' } },
        UpdateExpression: 'SET changes[0].#undo.#input.#bucket = :other',
        ExpressionAttributeNames: { '#undo': 'undo', '#input': 'input', '#bucket': 'Bucket' },
        ExpressionAttributeValues: { ':other': { S: 'somebody-elses-bucket' } },
      }),
    );
    const { code, stdout, stderr } = await posture(['rollback', remediation, '--yes', '--force'], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`is broken, so it is not used. ${trail}: Event 1 was altered`);
    expect(await statusOf(bucket)).toBe('Enabled');
  });

  it('is told on the bus, as is what a function takes back', async () => {
    const { remediation } = await fixedBucket();
    const { stderr } = await posture(['rollback', remediation, '--yes', '--why', 'it broke the upload'], env);
    expect(stderr).toBe('');
    const told = emulator.gateway.calls.filter((call) => call.operation === 'PutEvents' && call.account === account.account);
    const [entry] = (told.at(-1)?.input.Entries ?? []) as readonly { readonly Detail: string }[];
    expect(outcomeEventShape.parse(JSON.parse(entry?.Detail ?? ''))).toMatchObject({ outcome: 'rolled-back', remediation });
    expect((await posture(['log', '--remediation', remediation], env)).stdout).toContain('Rollback requested: it broke the upload.');
  });

  it('of several begins with the newest, goes on where one fails, and says of each how it ended, also to machines', async () => {
    const [first, observed, last] = [await fixedBucket(), await fixedBucket('observe'), await fixedBucket()];
    const ids = [first, observed, last].map(({ remediation }) => remediation);
    const { code, stdout } = await posture(['rollback', ...ids, '--yes', '--json'], env);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { remediation: ids[2], outcome: 'rolled-back' },
      { remediation: ids[1], outcome: 'not-done', reason: expect.stringContaining('changed nothing') },
      { remediation: ids[0], outcome: 'rolled-back' },
    ]);
    expect([await statusOf(first.bucket), await statusOf(last.bucket)]).toEqual(['Suspended', 'Suspended']);

    const again = await posture(['rollback', ...ids.slice(0, 2), '--yes'], env);
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 1, stderr: expect.stringContaining('changed nothing') });
    expect(again.stdout).toMatch(/^remediation +rule +resource +changed +calls$/m);
    expect(again.stdout).toMatch(/^\w{26} {2}.* \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}s3:PutBucketVersioning$/m);
    expect(again.stdout).toMatch(/^1 of 2 {2}\w{26}$/m);
    expect(again.stdout).toMatch(/^1 of 2 rolled back$/m);
    const many = await posture(['rollback', ...Array(101).fill(ids[0]), '--yes'], env);
    expect({ code: many.code, stderr: many.stderr }).toEqual({ code: 1, stderr: expect.stringContaining('The maximum is 100.') });
  });

  it('says why there is nothing to take back', async () => {
    const { remediation } = await fixedBucket('observe');
    // Nobody is asked about nothing.
    for (const args of [['--yes'], []])
      expect(await posture(['rollback', remediation, ...args], env)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('changed nothing'),
      });
    expect(await posture(['rollback', '--rule', 's3-bucket-versionin-enabled'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('This version has no rule "s3-bucket-versionin-enabled". Did you mean s3-bucket-versioning-enabled?'),
    });
    expect(await posture(['rollback', '01K6Z3NDEKTSV4RRFFQ69G5FAV', '--yes'], env)).toMatchObject({
      code: 1,
      stderr: 'The log has no remediation 01K6Z3NDEKTSV4RRFFQ69G5FAV. `posture log` lists them.\n',
    });
    expect(await posture(['rollback'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Specify ids of remediations, or at least one of --rule'),
    });
  });
});

describe('posture rollback of what others made', () => {
  const made = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
  const rule = 's3-bucket-versioning-enabled';

  /** As if it had been made by somebody else, who chooses what a rollback sends. */
  async function planted(writer: Writer, remediation: string): Promise<string> {
    const { bucket } = await fixedBucket();
    const call = (Status: string) => ({
      service: 's3',
      operation: 'PutBucketVersioning',
      input: { Bucket: bucket, VersioningConfiguration: { Status } },
    });
    const subject: Subject = {
      remediation,
      rule,
      version: '1',
      finding: 'f',
      source: 'security-hub',
      detectedBy: 'S3.14',
      partition: 'aws',
      account: account.account,
      region: 'eu-west-1',
      resource: `arn:aws:s3:::${bucket}`,
      resourceType: 'AWS::S3::Bucket',
    };
    const log = dynamoLog(account.client(DynamoDBClient), 'posture-log', writer);
    const said = { reason: 'Because.', actor: 'arn:aws:iam::1:role/r' };
    await openJournal(log, systemClock, subject).write(
      { ...said, kind: 'planned', before: { status: 'Suspended' }, changes: [{ do: call('Enabled'), undo: call('Suspended') }] },
      { ...said, kind: 'verified', outcome: 'fixed', before: { status: 'Suspended' }, after: { status: 'Enabled' } },
    );
    return bucket;
  }

  it('is refused with the command that rolls back what a function made', async () => {
    const bucket = await planted({ by: 'rule', rule }, made);
    for (const ids of [[made], [`${rule}/${made}`], [made, `${rule}/${made}`]]) {
      const { code, stderr } = await posture(['rollback', ...ids, '--yes', '--force'], env);
      expect(code).toBe(1);
      expect(stderr).toContain(`was made by the function of its rule, which rolls it back: \`posture rollback ${rule}/${made} --deployed`);
    }
    expect(await statusOf(bucket)).toBe('Enabled');
  });

  it('is refused with the name of the user whose command line made it', async () => {
    const other = '01K6Z3NDEKTSV4RRFFQ69G5FAW';
    const bucket = await planted({ by: 'local', rule, user: 'AROAEXAMPLE:mallory' }, other);
    const { code, stderr } = await posture(['rollback', other, '--yes'], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('with the command line by AROAEXAMPLE:mallory') });
    expect(await posture(['rollback', '--rule', 's3-bucket-versioning-enabled', '--until', '2020-01-01', '--yes'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('only what you changed yourself with `posture replay` is rolled back'),
    });
    expect(await statusOf(bucket)).toBe('Enabled');
  });
});

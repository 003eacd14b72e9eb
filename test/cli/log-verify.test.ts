import { DeleteItemCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { batchKey } from '../../functions/archive/format';
import { systemClock } from '../../functions/clock';
import type { LogEvent } from '../../functions/log/event';
import { itemOf } from '../../functions/log/item';
import { s3Archive } from '../../functions/seal/s3-archive';
import { sealArchive } from '../../functions/seal/seal-archive';
import { kmsSigner, type Signer } from '../../functions/seal/signer';
import { useEmulator } from '../emulator/use';
import { events, fingerprintOf, hourlyClock, lineOf, remediationOf, rule, table, trailOf } from '../seal/honest-archive';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
let Bucket: string;
const TableName = 'posture-log';

let env: Record<string, string>;
let dynamo: DynamoDBClient;
let s3: S3Client;
let signer: Signer;
let clock: ReturnType<typeof hourlyClock>;
let event: ReturnType<typeof events>;
let number: number;

beforeEach(async () => {
  const account = await emulator.account();
  Bucket = `archive-${account.account}`;
  env = { ...environmentOf(account), POSTURE_ARCHIVE_BUCKET: Bucket };
  await createTables(account);
  [dynamo, s3] = [account.client(DynamoDBClient), account.client(S3Client)];
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  const kms = account.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
  signer = kmsSigner(kms, KeyMetadata?.Arn ?? '');
  clock = hourlyClock();
  event = events(clock);
  number = 0;
});

const record = (name: string, one: LogEvent) => dynamo.send(new PutItemCommand({ TableName, Item: itemOf(one, trailOf(name)) }));

/** Events in the table and in a batch of the archive. */
async function write(names: readonly string[], more: Parameters<ReturnType<typeof events>>[1] = {}): Promise<void> {
  const written = names.map((name) => [name, event(name, more)] as const);
  for (const [name, one] of written) await record(name, one);
  number += 1;
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: batchKey('2026-11-01', number),
      Body: written.map(([name, one]) => `${lineOf(name, one)}\n`).join(''),
    }),
  );
}

async function seal(): Promise<string> {
  clock.pass(1);
  const { newest } = await sealArchive({ archive: s3Archive(s3, Bucket), signer, former: signer, table, clock, secondsLeft: () => 900 });
  return newest?.hash ?? '';
}

interface Answer {
  readonly verdict: string;
  readonly findings: readonly { readonly code: string; readonly trail?: string; readonly sequence?: number; readonly meaning: string }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly comparedWithTable: boolean;
}

async function verify(...options: string[]): Promise<Answer & { readonly code: number | null }> {
  const { code, stdout, stderr } = await posture(['--json', 'log', 'verify', ...options], env);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Answer) };
}

const key = (name: string, sequence: number) => ({ trail: { S: trailOf(name) }, sequence: { N: String(sequence) } });

describe('posture log verify', () => {
  it('proves a log whose table, archive and seals agree, with a compressed event in it', async () => {
    await write(['A', 'A', 'B']);
    await seal();
    await write(['B'], { before: Array.from({ length: 4000 }, (_, index) => `statement ${index}`) });
    const head = await seal();
    expect(await verify('--key', await fingerprintOf(signer), '--head', head)).toMatchObject({
      code: 0,
      verdict: 'proven',
      comparedWithTable: true,
      counts: { events: 4, trails: 2, batches: 2, seals: 2, unsealed: 0, waiting: 0 },
    });
    const { code, stdout } = await posture(['log', 'verify'], env);
    expect([code, stdout]).toEqual([0, expect.stringContaining('consistent; completeness not proven')]);
  });

  it('leaves out the reports in the bucket, which are no part of the log', async () => {
    await write(['A']);
    for (const name of ['2026-10/posture-2026-10.html', '2026-10/posture-2026-10.manifest.json', 'seals/000000000001.json'])
      await s3.send(new PutObjectCommand({ Bucket, Key: `reports/${name}`, Body: '<!doctype html>' }));
    const head = await seal();
    expect(await verify('--key', await fingerprintOf(signer), '--head', head)).toMatchObject({
      code: 0,
      verdict: 'proven',
      findings: [],
      counts: { events: 1, batches: 1, seals: 1 },
    });
  });

  it('names what was changed in the table, removed from it, or added to it', async () => {
    await write(['A', 'A', 'B', 'C']);
    await seal();
    await dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key: key('A', 2),
        UpdateExpression: 'SET reason = :other',
        ExpressionAttributeValues: { ':other': { S: 'Nothing.' } },
      }),
    );
    await dynamo.send(new DeleteItemCommand({ TableName, Key: key('B', 1) }));
    await record('C', event('C'));
    const { code, verdict, findings } = await verify();
    expect([code, verdict]).toEqual([2, 'tampered']);
    expect(findings.map((one) => [one.code, one.trail, one.sequence])).toEqual([
      ['table-event-missing', trailOf('B'), 1],
      ['table-event-altered', trailOf('A'), 2],
      ['archive-event-missing', trailOf('C'), 2],
    ]);
    const { stdout } = await posture(['log', 'verify'], env);
    expect(stdout).toContain(`table-event-missing  Event 1 of the trail "${trailOf('B')}" is in the archive and not in the table.`);
    expect(stdout).toContain('The event was removed from the table. The archive has it.');
  });

  it('waits for events that are written and not archived yet, and for one in the middle that the stream lost', async () => {
    const now = events(systemClock);
    const [first, second, third] = [now('A'), now('A'), now('A')] as [LogEvent, LogEvent, LogEvent];
    for (const one of [first, second, third, now('A')]) await record('A', one);
    await s3.send(new PutObjectCommand({ Bucket, Key: batchKey('2026-11-01', 1), Body: `${lineOf('A', first)}\n${lineOf('A', third)}\n` }));
    await seal();
    expect(await verify()).toMatchObject({ code: 0, verdict: 'consistent', counts: { waiting: 2 } });
    await dynamo.send(new DeleteItemCommand({ TableName, Key: key('A', 2) }));
    expect((await verify()).findings).toMatchObject([{ code: 'event-missing', trail: trailOf('A'), sequence: 2 }]);
  });

  it('names what the stream reported as changed, even if the table shows the original again', async () => {
    await write(['A', 'B']);
    await seal();
    const lines = [
      { trail: trailOf('A'), sequence: 1, item: {} },
      { item: { reason: { S: 'Nothing.' } }, sequence: 1, trail: trailOf('B') },
    ].map((line) => JSON.stringify(Object.fromEntries(Object.entries(line).toSorted(([a], [b]) => (a < b ? -1 : 1)))));
    await s3.send(new PutObjectCommand({ Bucket, Key: batchKey('2026-11-01', 2), Body: `${lines.join('\n')}\n` }));
    await seal();
    expect((await verify()).findings.map((one) => [one.code, one.trail])).toEqual([
      ['table-event-missing', trailOf('A')],
      ['table-event-altered', trailOf('B')],
    ]);
  });

  it('verifies one remediation by the batches that its seals name', async () => {
    await write(['A', 'B']);
    await seal();
    await write(['B', 'B']);
    await seal();
    await write(['A']);
    await seal();
    expect(await verify('--remediation', `${rule}/${remediationOf('A')}`)).toMatchObject({
      code: 0,
      counts: { events: 2, trails: 1, batches: 2, seals: 3 },
    });
    await dynamo.send(new DeleteItemCommand({ TableName, Key: key('A', 2) }));
    expect((await verify('--remediation', remediationOf('A'))).findings).toMatchObject([
      { code: 'table-event-missing', trail: trailOf('A'), sequence: 2 },
    ]);
    expect((await verify('--remediation', remediationOf('B'))).verdict).toBe('consistent');
    const none = await posture(['log', 'verify', '--remediation', remediationOf('C')], env);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('has no events of the remediation')]);
  });

  it('verifies a span of time, from the heads that earlier seals name', async () => {
    await write(['A', 'B']);
    await seal();
    clock.pass(100);
    await write(['A', 'A']);
    await seal();
    clock.pass(100);
    await seal();
    await write(['A']);
    await seal();
    const span = ['--since', '2026-11-04', '--until', '2026-11-06'];
    expect(await verify(...span)).toMatchObject({ code: 0, verdict: 'consistent', counts: { events: 2, batches: 1 } });
    await dynamo.send(new DeleteItemCommand({ TableName, Key: key('A', 4) }));
    expect((await verify(...span)).verdict).toBe('consistent');
    await dynamo.send(new DeleteItemCommand({ TableName, Key: key('A', 3) }));
    expect((await verify(...span)).findings).toMatchObject([{ code: 'table-event-missing', sequence: 3 }]);
  });

  it('says what to do where there is no archive, or an option is invalid', async () => {
    const empty = await posture(['log', 'verify'], env);
    expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining('The archive is empty')]);
    const unknown = await posture(['log', 'verify'], { ...env, POSTURE_ARCHIVE_BUCKET: '' });
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('Specify the bucket with --bucket')]);
    const filtered = await posture(['log', 'verify', '--outcome', 'failed'], env);
    expect([filtered.code, filtered.stderr]).toEqual([1, expect.stringContaining("--outcome can't be combined with verify")]);
    expect((await posture(['log', 'verify', '--help'])).stdout).not.toContain('--outcome');
    for (const options of [
      ['--head', 'ABC'],
      ['--archive', '.', '--bucket', 'b'],
      ['--remediation', 'x'],
      ['--since', '2026-03-02', '--until', '2026-03-01'],
    ])
      expect((await posture(['log', 'verify', ...options], env)).code).toBe(1);
  });
});

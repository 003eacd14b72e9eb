import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { RetryMessage } from '../../functions/findings/retry-message';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { configComplianceChange } from '../events/config';
import { type ControlFinding, securityHubImported } from '../events/security-hub';
import { createTables, environmentOf } from './central';
import { launch, usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();

const rule = 's3-bucket-versioning-enabled';
const folder = mkdtempSync(path.join(tmpdir(), 'posture-'));
let account: Account;
let env: ReturnType<typeof environmentOf>;

beforeAll(async () => {
  account = await emulator.account();
  env = environmentOf(account);
  await createTables(account);
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(content: unknown): string {
  files += 1;
  const file = path.join(folder, `${files}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function newBucket(): Promise<string> {
  const Bucket = `papers-${account.account}-${Math.random().toString(36).slice(2)}`;
  await account.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  return Bucket;
}

const statusOf = async (Bucket: string) => (await account.client(S3Client).send(new GetBucketVersioningCommand({ Bucket }))).Status;

const finding = (bucket: string, more: Partial<ControlFinding> = {}) =>
  securityHubImported({
    control: 'S3.14',
    resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
    account: account.account,
    ...more,
  });

interface Delivery {
  readonly event: number;
  readonly answers: readonly {
    readonly rule: string;
    readonly failure?: string;
    readonly results?: readonly { outcome: string; remediation: string }[];
    deferred?: string[];
  }[];
  readonly refusals: readonly { readonly kind: string; readonly reason: string; readonly rules: readonly string[] }[];
}

const sent = async (file: string, ...args: string[]) => {
  const { code, stdout, stderr } = await posture(['replay', file, ...args, '--json'], env);
  expect(stderr).toBe('');
  return { code, deliveries: JSON.parse(stdout) as readonly Delivery[] };
};

describe('posture replay', () => {
  it('only observes, unless it is told to fix', async () => {
    const bucket = await newBucket();
    const { code, stdout, stderr } = await launch(['replay', fileOf(finding(bucket))], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      `observed  ${rule}  arn:aws:s3:::${bucket}\n  This attempt made no changes. mode: observe, the default mode.\n  posture log --remediation `,
    );
    expect(stdout).not.toContain('posture rollback');
    expect(await statusOf(bucket)).toBeUndefined();
    const fixed = await posture(['replay', fileOf(finding(bucket)), '--mode', 'fix'], env);
    expect(fixed.stdout).toMatch(/^fixed .*\n.*\n {2}posture log --remediation (\w{26})\n {2}posture rollback \1\n$/);
  });

  it('fixes, logs the caller as who did it, and tells Security Hub', async () => {
    const bucket = await newBucket();
    const event = finding(bucket);
    const { code, deliveries } = await sent(fileOf(event), '--mode', 'fix');
    expect(code).toBe(0);
    expect(deliveries).toMatchObject([{ event: 1, answers: [{ rule, results: [{ outcome: 'fixed' }], deferred: [] }], refusals: [] }]);
    expect(await statusOf(bucket)).toBe('Enabled');
    const remediation = deliveries[0]?.answers[0]?.results?.[0]?.remediation ?? '';
    expect(emulator.gateway.securityHub.updates.at(-1)).toMatchObject({
      account: account.account,
      change: { Workflow: { Status: 'NOTIFIED' }, Note: { Text: expect.stringContaining(remediation) } },
    });
    const trail = await posture(['log', '--remediation', remediation, '--json'], env);
    const { events, intact } = JSON.parse(trail.stdout) as { events: { actor: string }[]; intact: boolean };
    expect(intact).toBe(true);
    for (const { actor } of events) expect(actor).toMatch(`arn:aws:sts::${account.account}:assumed-role/`);
  });

  it('reads a list, one event a line, and standard input', async () => {
    const [one, two] = [await newBucket(), await newBucket()];
    const config = configComplianceChange({ rule, resourceType: 'AWS::S3::Bucket', resourceId: two, account: account.account });
    const expected = [{ answers: [{ results: [{ outcome: 'observed' }] }] }, { answers: [{ results: [{ outcome: 'observed' }] }] }];
    expect(await sent(fileOf([finding(one), config]))).toMatchObject({ code: 0, deliveries: expected });
    const lines = `${JSON.stringify(finding(one))}\n\n${JSON.stringify(config)}\n`;
    expect(await sent(fileOf(lines))).toMatchObject({ code: 0, deliveries: expected });
    const piped = await launch(['replay', '-', '--json', '--rule', rule], { env, input: lines });
    expect(JSON.parse(piped.stdout)).toMatchObject(expected);
  });

  it('says once why an event is rejected, sends nothing for it, goes on, and ends with 1', async () => {
    const bucket = await newBucket();
    const forged = securityHubImported(
      { control: 'S3.14', resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` }, account: account.account },
      { account: '999988887777' },
    );
    emulator.gateway.clear();
    const { code, deliveries } = await sent(fileOf([forged, { source: 'nobody' }]));
    expect(code).toBe(1);
    expect(deliveries).toMatchObject([
      { answers: [], refusals: [{ kind: 'invalid', reason: expect.stringContaining('999988887777') }] },
      { answers: [], refusals: [{ kind: 'ignored', reason: expect.stringMatching(/^\[1\]: It has "source", and is no event/) }] },
    ]);
    expect(emulator.gateway.calls.filter(({ service }) => service !== 'sts').map(({ operation }) => operation)).toEqual([
      'DescribeTable',
      'DescribeTable',
      'DescribeTable',
    ]);
    const mixed = await sent(fileOf([{ source: 'nobody' }, finding(bucket)]));
    expect(mixed).toMatchObject({ code: 1, deliveries: [{ answers: [] }, { answers: [{ results: [{ outcome: 'observed' }] }] }] });
  });

  it("reaches another account with the rule's member role there", async () => {
    const other = await emulator.account();
    const Bucket = `papers-${other.account}`;
    await other.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    emulator.gateway.clear();
    const { code } = await sent(fileOf(finding(Bucket, { account: other.account })), '--mode', 'fix');
    expect(code).toBe(0);
    const puts = emulator.gateway.calls.filter(({ operation }) => operation === 'PutBucketVersioning');
    expect(puts).toMatchObject([{ account: other.account, role: expect.stringContaining(`posture-${rule}`) }]);
  });

  it('ends well where no rule is concerned, and says why one that could be is not', async () => {
    const bucket = await newBucket();
    const nobody = securityHubImported({
      control: 'WAF.1',
      resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
      account: account.account,
    });
    const { code, deliveries } = await sent(fileOf([nobody, finding(bucket, { status: 'PASSED' })]));
    expect(code).toBe(0);
    expect(deliveries).toEqual([
      { event: 1, answers: [], refusals: [] },
      {
        event: 2,
        answers: [],
        refusals: [
          { kind: 'ignored', code: 'not-failed', reason: expect.stringContaining('PASSED'), findingId: expect.any(String), rules: [rule] },
        ],
      },
    ]);
    const text = await posture(['replay', fileOf(nobody)], env);
    expect(text).toMatchObject({ code: 0, stdout: 'No rule matches.\n' });
  });

  it('finds out which managed rule a Config rule is, whatever its name', async () => {
    const bucket = await newBucket();
    const { configRules } = emulator.gateway;
    const place = { account: account.account, region: account.region };
    configRules.deploy(place, { name: 'Acme-Versioning', owner: 'AWS', identifier: 'S3_BUCKET_VERSIONING_ENABLED' });
    configRules.deploy(place, { name: rule, owner: 'CUSTOM_LAMBDA', identifier: 'mine' });
    const event = (name: string) =>
      configComplianceChange({ rule: name, resourceType: 'AWS::S3::Bucket', resourceId: bucket, account: account.account });
    const own = await sent(fileOf(event('Acme-Versioning')));
    expect([own.code, own.deliveries[0]?.answers]).toMatchObject([0, [{ rule, results: [{ outcome: 'observed' }] }]]);
    const forged = await sent(fileOf(event(rule)), '--mode', 'fix');
    expect(forged.deliveries[0]).toMatchObject({
      answers: [],
      refusals: [{ reason: expect.stringContaining('CUSTOM_LAMBDA'), rules: [rule] }],
    });
    expect(await statusOf(bucket)).toBeUndefined();
    configRules.deploy(place, { name: rule, owner: 'AWS', identifier: 'S3_BUCKET_VERSIONING_ENABLED' });
  });

  it('fixes with a disruptive rule only where the rule is named', async () => {
    const event = securityHubImported({
      control: 'S3.1',
      resource: { type: 'AWS::::Account', arn: `AWS::::Account:${account.account}` },
      account: account.account,
    });
    expect(await sent(fileOf(event), '--mode', 'fix')).toMatchObject({
      deliveries: [{ answers: [{ results: [{ outcome: 'awaiting-approval' }] }] }],
    });
    const named = await sent(fileOf(event), '--mode', 'fix', '--rule', 's3-account-public-access-blocked');
    expect(named).toMatchObject({ code: 0, deliveries: [{ answers: [{ results: [{ outcome: 'fixed' }] }] }] });
  });

  it('ends with 1 where AWS refuses, and says that what is put off is not scheduled', async () => {
    const [refused, busy] = [await newBucket(), await newBucket()];
    const denied = emulator.gateway.fail({
      service: 's3',
      operation: 'PutBucketVersioning',
      account: account.account,
      as: 'access-denied',
    });
    const failed = await sent(fileOf(finding(refused)), '--mode', 'fix');
    denied.cancel();
    expect(failed).toMatchObject({ code: 1, deliveries: [{ answers: [{ results: [{ outcome: 'blocked' }] }] }] });
    const slow = emulator.gateway.fail({
      service: 's3',
      operation: 'PutBucketVersioning',
      account: account.account,
      times: 9,
      as: 'unavailable',
    });
    const event = finding(busy) as { detail: { findings: { Id: string }[] } };
    const { stdout } = await posture(['replay', fileOf(event), '--mode', 'fix'], env);
    slow.cancel();
    expect(stdout).toContain('deferred');
    expect(stdout).toContain(`no retry scheduled; replay the event later: ${event.detail.findings[0]?.Id}`);
  });

  it('says what is wrong with the file', async () => {
    const said = async (content: string) => (await posture(['replay', fileOf(content)], env)).stderr;
    expect(await said('')).toContain('is empty. Provide JSON: one event, a list of events, or one event per line.');
    expect(await said('{\n  "source": oops\n}')).toMatch(/json" is not valid JSON: .*oops/);
    expect(await said(`${JSON.stringify({ source: 'nobody' })}\n{"source": oops}`)).toMatch(/json", line 2, is not valid JSON: .*oops/);
    expect(await posture(['replay', path.join(folder, 'absent.json')], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("can't be read: ENOENT"),
    });
    expect((await posture(['replay', fileOf({}), '--mode', 'fixx'], env)).stderr).toContain('Allowed choices are observe, fix');
  });

  it('touches nothing where a table of the hub is missing', async () => {
    const bucket = await newBucket();
    const run = await posture(['replay', fileOf(finding(bucket)), '--mode', 'fix'], { ...env, POSTURE_COORDINATION_TABLE: 'absent' });
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('The coordination table absent does not exist') });
    expect(await statusOf(bucket)).toBeUndefined();
  });
});

describe('posture replay --deployed', () => {
  const invoked: { name: string; event: unknown }[] = [];
  let answer: { status: number; headers?: Record<string, string>; body: unknown };
  let server: Server;
  let deployed: Record<string, string>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const [, name = ''] = /functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
        invoked.push({ name, event: JSON.parse(body) });
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    deployed = { ...env, AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('has the function of each rule concerned handle the event', async () => {
    const event = finding('records');
    const result = {
      remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV',
      outcome: 'fixed',
      reason: "The rule's check passes after the change.",
      resource: 'arn:aws:s3:::records',
    };
    answer = { status: 200, body: { results: [result], refusals: [] } };
    const { code, stdout } = await posture(['replay', fileOf(event), '--deployed', '--json'], deployed);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ answers: [{ rule, results: [result] }] }]);
    expect(invoked).toEqual([{ name: `posture-rule-${rule}`, event }]);
  });

  it('has the function handle each finding of an event with several, and shows what came of all', async () => {
    const [event, other] = [finding('records'), finding('reports')];
    const several = { ...event, detail: { ...event.detail, findings: [...event.detail.findings, ...other.detail.findings] } };
    const result = { remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV', outcome: 'fixed', reason: 'Fixed.', resource: 'arn:aws:s3:::records' };
    answer = { status: 200, body: { results: [result], refusals: [] } };
    invoked.length = 0;
    const { stdout } = await posture(['replay', fileOf(several), '--deployed', '--json'], deployed);
    expect(JSON.parse(stdout)).toMatchObject([{ answers: [{ rule, results: [result, result] }] }]);
    const reported = invoked.map(({ event: message }) => JSON.stringify((message as RetryMessage).finding.resource.reported));
    expect(reported.toSorted()).toEqual(['{"arn":"arn:aws:s3:::records"}', '{"arn":"arn:aws:s3:::reports"}']);
  });

  it('has the function handle again what it had put off, as it lies in a dead-letter queue', async () => {
    const again = {
      id: `arn:aws:securityhub:eu-west-1:${account.account}:security-control/S3.14/finding/again`,
      source: 'security-hub',
      detectedBy: 'S3.14',
      partition: 'aws',
      account: account.account,
      region: 'eu-west-1',
      resource: { type: 'AWS::S3::Bucket', reported: { arn: 'arn:aws:s3:::records' } },
      detectedAt: '2026-11-24T12:00:00.000Z',
      sentAt: '2026-11-24T12:00:00.000Z',
    };
    const message = { finding: again, number: 3, remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV' };
    answer = { status: 200, body: { results: [], refusals: [] } };
    invoked.length = 0;
    expect(await posture(['replay', fileOf(message), '--deployed'], deployed)).toMatchObject({ code: 0 });
    expect(invoked).toEqual([{ name: `posture-rule-${rule}`, event: message }]);
  });

  it('says what went wrong in the function, or that there is none', async () => {
    const run = () => posture(['replay', fileOf(finding('records')), '--deployed'], deployed);
    answer = { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorMessage: 'The settings can not be read.' } };
    expect(await run()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`The function posture-rule-${rule} failed: The settings can not be read.`),
    });
    answer = { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: { Message: 'Function not found' } };
    expect(await run()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`The function posture-rule-${rule} does not exist in account ${account.account}`),
    });
    answer = { status: 200, body: 'a surprise' };
    expect(await run()).toMatchObject({ code: 1, stdout: expect.stringContaining('returned an invalid response') });
  });

  it('takes no mode, as a deployed function has its own', async () => {
    expect(await posture(['replay', fileOf({}), '--deployed', '--mode', 'fix'], deployed)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Remove --mode'),
    });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetBucketVersioningCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { configComplianceChange } from '../events/config';
import { controlFinding, securityHubImported } from '../events/security-hub';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const folder = mkdtempSync(path.join(tmpdir(), 'posture-'));
const policyFile = path.join(folder, 'posture.yaml');
let account: Account;
let env: ReturnType<typeof environmentOf>;

beforeAll(async () => {
  account = await emulator.account();
  env = environmentOf(account);
  await createTables(account);
  writeFileSync(policyFile, 'modes: { clauses: [{ mode: fix, rules: [s3-bucket-versioning-enabled] }] }\nlimits: { rule: { hour: 2 } }\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function newBucket(tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const Bucket = `papers-${account.account}-${Math.random().toString(36).slice(2)}`;
  const s3 = account.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length > 0) await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  return Bucket;
}

const versioningOf = async (Bucket: string) => (await account.client(S3Client).send(new GetBucketVersioningCommand({ Bucket }))).Status;
const rule = ['--rule', 's3-bucket-versioning-enabled'];

describe('posture explain', () => {
  const explain = async (bucket: string) => {
    const args = ['explain', `arn:aws:s3:::${bucket}`, ...rule, '--policy', policyFile];
    const { code, stdout, stderr } = await posture([...args, '--json'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return (JSON.parse(stdout) as { result: string; reason: string; path: string[] }[])[0];
  };

  it('tells each clause and the result, and changes nothing', async () => {
    const bucket = await newBucket();
    expect(await explain(bucket)).toEqual({
      of: 's3-bucket-versioning-enabled, S3.14, s3-bucket-versioning-enabled',
      result: 'fix',
      reason: expect.stringContaining('It would send s3:PutBucketVersioning.'),
      path: expect.arrayContaining(['mode: fix, by modes.clauses[0]', 'limit: 0 of 2 changes this hour of this rule']),
    });
    expect(await versioningOf(bucket)).toBeUndefined();
  });

  it('tells of each control for which the policy says something else', async () => {
    const file = path.join(folder, 'controls.yaml');
    writeFileSync(file, 'modes: { clauses: [{ mode: fix, controls: [S3.14] }] }\n');
    const args = ['explain', `arn:aws:s3:::${await newBucket()}`, ...rule, '--policy', file, '--json'];
    const { stdout } = await posture(args, env);
    expect(JSON.parse(stdout)).toMatchObject([
      { of: 's3-bucket-versioning-enabled, S3.14', result: 'fix' },
      {
        of: 's3-bucket-versioning-enabled, s3-bucket-versioning-enabled',
        result: 'observe',
        path: expect.arrayContaining([expect.stringContaining("does not apply, because this can't be read: the control that")]),
      },
    ]);
  });

  it('honours a finding that is suppressed', async () => {
    const bucket = await newBucket();
    emulator.gateway.securityHub.seed(account, {
      Id: `suppressed ${bucket}`,
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
      Workflow: { Status: 'SUPPRESSED' },
      Compliance: { SecurityControlId: 'S3.14' },
      Resources: [{ Id: `arn:aws:s3:::${bucket}`, Type: 'AwsS3Bucket' }],
    });
    expect(await explain(bucket)).toMatchObject({ result: 'skip', reason: expect.stringContaining('SUPPRESSED') });
  });

  it('honours tags and what people said', async () => {
    const exempt = await newBucket({ 'posture:exempt': 'all until 2099-01-01' });
    expect(await explain(exempt)).toMatchObject({
      result: 'skip',
      reason: expect.stringContaining('exempts from all rules until 2099-01-01'),
    });
    const owned = await newBucket({ 'aws-cdk:owner': 'x', 'pulumi:stack': 'shop' });
    expect(await explain(owned)).toMatchObject({
      result: 'ask',
      path: expect.arrayContaining([
        expect.stringContaining(
          'Pulumi (by the tag pulumi:stack) manages the resource; change the property VersioningConfiguration.Status there -> ask',
        ),
      ]),
    });
    const dynamo = account.client(DynamoDBClient);
    const Item = {
      key: { S: 'stop' },
      by: { S: 'arn:aws:iam::111122223333:user/ann' },
      at: { S: '2026-11-24T00:00:00Z' },
      why: { S: 'all on fire' },
    };
    await dynamo.send(new PutItemCommand({ TableName: 'posture-orders', Item }));
    expect(await explain(await newBucket())).toMatchObject({ result: 'defer', reason: expect.stringContaining('stopped all changes') });
    await dynamo.send(new DeleteItemCommand({ TableName: 'posture-orders', Key: { key: { S: 'stop' } } }));
  });

  it('says so where nothing is wrong with what it is given', async () => {
    const { code, stderr } = await posture(['explain', 'arn:aws:sqs:eu-west-1:111122223333:queue', ...rule, '--policy', policyFile], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is not a valid ARN of a resource type of these rules') });
  });

  it('tells of a finding how it was decided', async () => {
    const bucket = await newBucket();
    const event = securityHubImported({
      control: 'S3.14',
      resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
      account: account.account,
    });
    const file = path.join(folder, 'event.json');
    writeFileSync(file, JSON.stringify(event));
    await posture(['replay', file], env);
    await posture(['replay', file], env);
    const [finding] = (event as unknown as { detail: { findings: { Id: string }[] } }).detail.findings;
    const { stdout } = await posture(['explain', '--finding', finding?.Id ?? ''], env);
    expect(stdout).toContain('mode: observe, the default mode -> observe');
    expect(stdout).toContain('observed  This attempt made no changes.');
  });
});

describe('posture simulate', () => {
  it('runs an export of Security Hub through the policy, counts against its limits, and changes nothing', async () => {
    const buckets = [
      await newBucket(),
      await newBucket(),
      await newBucket(),
      await newBucket({ 'posture:exempt': 'all until 2099-01-01' }),
    ];
    const findings = buckets.flatMap((bucket) => {
      const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
      return (
        securityHubImported({ control: 'S3.14', resource, account: account.account }) as unknown as { detail: { findings: object[] } }
      ).detail.findings;
    });
    const file = path.join(folder, 'findings.json');
    writeFileSync(file, JSON.stringify({ Findings: findings }));
    const { code, stdout, stderr } = await posture(['simulate', file, '--policy', policyFile, '--json'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).counts).toEqual({ 'fix by mode': 2, 'defer by limit': 1, 'skip by exemption': 1 });
    expect(await Promise.all(buckets.map(versioningOf))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('runs the log through the policy', async () => {
    const log = await posture(['log', '--rule', 's3-bucket-versioning-enabled', '--json'], env);
    const file = path.join(folder, 'log.json');
    writeFileSync(file, log.stdout);
    const { code, stdout } = await posture(['simulate', file, '--policy', policyFile], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/fix +s3-bucket-versioning-enabled/) });
    expect(stdout).toMatch(/\n\n1 fix by mode\n$/);
    // The log has the fault twice.
    expect(JSON.parse(log.stdout).entries).toHaveLength(2);
    expect(JSON.parse((await posture(['simulate', file, '--policy', policyFile, '--json'], env)).stdout).counts).toEqual({
      'fix by mode': 1,
    });
  });

  it('judges what several standards and controls found of one resource as what one fix mends', async () => {
    const file = path.join(folder, 'standards.json');
    const fixing = path.join(folder, 'fixing.yaml');
    writeFileSync(fixing, 'modes: { clauses: [{ mode: fix, rules: [s3-bucket-public-access-blocked] }] }\nlimits: { rule: { hour: 1 } }\n');
    const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${await newBucket()}` };
    const Findings = (['S3.2', 'S3.3'] as const).flatMap((control) =>
      (['nist-800-53/v/5.0.0', 'aws-foundational-security-best-practices/v/1.0.0'] as const).map((standard) =>
        controlFinding({ control, resource, account: account.account, consolidated: false, standard }),
      ),
    );
    writeFileSync(file, JSON.stringify({ Findings }));
    const { stdout } = await posture(['simulate', file, '--policy', fixing, '--json'], env);
    expect(JSON.parse(stdout).counts).toEqual({ 'fix by mode': 1, 'already-compliant by rule': 1 });
  });

  it('says what it leaves out, and where the file is not all of the log', async () => {
    const file = path.join(folder, 'part.json');
    const finding = (control: 'S3.14', over: object = {}) => ({
      ...controlFinding({ control, resource: { type: 'AWS::S3::Bucket', arn: 'arn:aws:s3:::nobody' }, account: account.account }),
      ...over,
    });
    writeFileSync(file, JSON.stringify({ Findings: [finding('S3.14'), finding('S3.14', { RecordState: 'ARCHIVED' }), {}] }));
    const { code, stdout: listed, stderr } = await posture(['simulate', file, '--policy', policyFile], env);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '1 of 3 findings were skipped: they are not open, or not for any of the rules.\n',
    });
    expect(listed).toMatch(/not read +reason\nFindings\[2\] +It has no fields, and is no event, no finding of Security Hub/);
    const { unread, skipped, complete } = JSON.parse((await posture(['simulate', file, '--policy', policyFile, '--json'], env)).stdout);
    expect({ unread, skipped, complete }).toEqual({
      unread: [{ at: 'Findings[2]', reason: expect.any(String) }],
      skipped: [{ at: 'Findings[1]', reason: 'The record state is "ARCHIVED", not ACTIVE.' }],
      complete: true,
    });
    const { stdout } = await posture(['log', '--rule', 's3-bucket-versioning-enabled', '--limit', '1', '--json'], env);
    writeFileSync(file, stdout);
    expect((await posture(['simulate', file, '--policy', policyFile], env)).stderr).toBe(
      'The file contains one page of the log, and there may be more: use `posture log --limit all --json`.\n',
    );
  });

  it('finds out which managed rule a compliance change of AWS Config is about, whatever the name of its Config rule', async () => {
    const { configRules } = emulator.gateway;
    const place = { account: account.account, region: account.region };
    configRules.deploy(place, { name: 'Acme-Versioning', owner: 'AWS', identifier: 'S3_BUCKET_VERSIONING_ENABLED' });
    configRules.deploy(place, { name: 'acme-own', owner: 'CUSTOM_LAMBDA', identifier: 'mine' });
    const bucket = await newBucket();
    const change = (name: string) =>
      configComplianceChange({ rule: name, resourceType: 'AWS::S3::Bucket', resourceId: bucket, account: account.account });
    const file = path.join(folder, 'changes.json');
    writeFileSync(file, JSON.stringify([change('Acme-Versioning'), change('acme-own')]));
    const { code, stdout } = await posture(['simulate', file, '--policy', policyFile, '--json'], env);
    const { judgements, skipped } = JSON.parse(stdout);
    expect({ code, judgements, skipped }).toEqual({
      code: 0,
      judgements: [expect.objectContaining({ detectedBy: 's3-bucket-versioning-enabled', resource: bucket, result: 'fix' })],
      skipped: [{ at: '[1]', reason: expect.stringContaining('its owner is "CUSTOM_LAMBDA"') }],
    });
  });

  it('has the code of a reason, as the explanation has', async () => {
    const arn = `arn:aws:s3:::${await newBucket()}`;
    const file = path.join(folder, 'unlogged.json');
    const finding = controlFinding({ control: 'S3.9', resource: { type: 'AWS::S3::Bucket', arn }, account: account.account });
    writeFileSync(file, JSON.stringify([finding]));
    const expected = { result: 'not-configured', code: 'missing-parameter' };
    const simulated = await posture(['simulate', file, '--policy', policyFile, '--json'], env);
    expect(JSON.parse(simulated.stdout).judgements).toMatchObject([expected]);
    const explained = await posture(['explain', arn, '--rule', 's3-bucket-access-logged', '--policy', policyFile, '--json'], env);
    expect(JSON.parse(explained.stdout)).toMatchObject([expected]);
  });

  it('says so where a file has no findings', async () => {
    const file = path.join(folder, 'nothing.json');
    writeFileSync(file, '{"hello":"world"}');
    const { code, stderr } = await posture(['simulate', file, '--policy', policyFile], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('The file has no finding for any of the rules.') });
  });
});

import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { AuthorizeSecurityGroupIngressCommand, CreateSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { PutPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { loadRules } from '../../functions/catalogue/catalogue';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { environmentOf } from './central';
import { launch, usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();

const versioning = 's3-bucket-versioning-enabled';
let account: Account;
let env: ReturnType<typeof environmentOf>;

beforeAll(async () => {
  account = await emulator.account();
  env = environmentOf(account);
});

interface Answer {
  readonly account: string;
  readonly region: string;
  readonly caller: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly forecasts: readonly (Readonly<Record<string, unknown>> & {
    readonly id: string;
    readonly status: string;
    readonly rule: string;
  })[];
  readonly overlooked: readonly { readonly what: string; readonly reason: string }[];
}

const planned = async (...args: string[]): Promise<Answer & { readonly code: number | null }> => {
  const { code, stdout } = await posture(['plan', ...args, '--json'], env);
  return { code, ...(JSON.parse(stdout) as Answer) };
};

async function bucket(status?: 'Enabled' | 'Suspended', tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const s3 = account.client(S3Client);
  const Bucket = `papers-${account.account}-${Math.random().toString(36).slice(2)}`;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  if (status) await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: status } }));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length > 0) await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  return Bucket;
}

describe('posture plan', () => {
  it('prints what would change and how it is taken back, changes nothing, and ends with 2', async () => {
    const name = await bucket('Suspended');
    emulator.gateway.clear();
    const { code, stdout, stderr } = await launch(['plan', `arn:aws:s3:::${name}`, '--rule', versioning], { env });
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toContain(`Account ${account.account}, eu-west-1, as arn:aws:sts::${account.account}:assumed-role/`);
    expect(stdout).toContain(`
arn:aws:s3:::${name}  AWS::S3::Bucket
  would change  ${versioning}  low severity, safe, S3.14 s3-bucket-versioning-enabled
    s3:PutBucketVersioning  Bucket=${name}, ExpectedBucketOwner=${account.account}
    - VersioningConfiguration.Status: Suspended
    + VersioningConfiguration.Status: Enabled
    undo  s3:PutBucketVersioning with the present values

1 check: 1 would change. No changes were made.
`);
    const { Status } = await account.client(S3Client).send(new GetBucketVersioningCommand({ Bucket: name }));
    expect(Status).toBe('Suspended');
    expect(
      emulator.gateway.calls.map(({ operation }) => operation).filter((operation) => /^(Put|Update|Delete|Create)/.test(operation)),
    ).toEqual([]);
  });

  it('ends with 0 where all is compliant', async () => {
    const name = await bucket('Enabled');
    const { code, forecasts } = await planned(`arn:aws:s3:::${name}`, '--rule', versioning);
    expect(code).toBe(0);
    expect(forecasts).toMatchObject([{ id: name, status: 'compliant', rule: versioning }]);
  });

  it('takes a bare id with a rule, and a control instead of a rule', async () => {
    const name = await bucket();
    expect(await planned(name, '--rule', versioning)).toMatchObject({
      code: 2,
      forecasts: [{ id: name, detectedBy: ['S3.14', versioning] }],
    });
    const { code, forecasts } = await planned(name, '--control', 's3.14');
    expect(code).toBe(2);
    expect(forecasts).toMatchObject([
      {
        id: name,
        resource: `arn:aws:s3:::${name}`,
        account: account.account,
        region: 'eu-west-1',
        detectedBy: ['S3.14'],
        state: { status: 'Never enabled' },
        changes: [
          {
            do: {
              service: 's3',
              operation: 'PutBucketVersioning',
              input: { Bucket: name, VersioningConfiguration: { Status: 'Enabled' } },
            },
            undo: { operation: 'PutBucketVersioning' },
            nearest: expect.any(String),
          },
        ],
      },
    ]);
  });

  describe('judges by the parameters of the detectors', () => {
    const ports = 'ec2-security-group-open-ports-authorized';
    const managed = 'vpc-sg-open-only-to-authorized-ports';
    const place = () => ({ account: account.account, region: account.region });

    async function openGroup(...open: readonly number[]): Promise<string> {
      const ec2 = account.client(EC2Client);
      const GroupName = `open-${Math.random().toString(36).slice(2)}`;
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'open' }));
      const IpPermissions = open.map((port) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }));
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
      return GroupId;
    }

    const results = async (...args: string[]) => {
      const { forecasts } = await planned(...args);
      return Object.fromEntries(
        forecasts.map(({ detectedBy, status, parametersFrom }) => [
          (detectedBy as string[]).join(' '),
          [status, (parametersFrom as Record<string, string>)?.['authorizedTcpPorts']],
        ]),
      );
    };

    afterEach(() => {
      emulator.gateway.configRules.remove(place(), 'acme-ports');
      emulator.gateway.securityHub.customize(place(), 'EC2.18', {});
    });

    it('which each result names: those of the policy, of the detector, or the defaults', async () => {
      const id = await openGroup(443, 8443);
      expect(await results(id, '--rule', ports)).toEqual({ [`EC2.18 ${managed}`]: ['would-change', 'default'] });
      // Security Hub is not enabled.
      expect((await posture(['plan', id, '--rule', ports], env)).stderr).toBe('');
      emulator.gateway.securityHub.customize(place(), 'EC2.18', { authorizedTcpPorts: { IntegerList: [443, 8443] } });
      expect(await results(id, '--rule', ports)).toEqual({
        'EC2.18': ['compliant', 'detector'],
        [managed]: ['would-change', 'default'],
      });
      const parameters = { authorizedTcpPorts: '443' };
      emulator.gateway.configRules.deploy(place(), {
        name: 'acme-ports',
        owner: 'AWS',
        identifier: 'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS',
        parameters,
      });
      expect(await results(id, '--control', managed)).toEqual({ [managed]: ['would-change', 'detector'] });
      const own = ['--parameters', '{"authorizedTcpPorts":"443"}'];
      expect(await results(id, '--control', 'EC2.18', '--rule', ports, ...own)).toEqual({ 'EC2.18': ['would-change', 'policy'] });
      const { stdout } = await posture(['plan', id, '--control', 'EC2.18'], env);
      expect(stdout).toContain('authorizedTcpPorts: 443,8443, of the detector');
    });

    it('and says so where one can not be followed, or can not be read', async () => {
      const id = await openGroup(443);
      emulator.gateway.securityHub.customize(place(), 'EC2.18', { authorizedTcpPorts: { StringList: ['any'] } });
      expect(await planned(id, '--control', 'EC2.18')).toMatchObject({
        code: 2,
        forecasts: [{ status: 'unfixable', code: 'detector-parameter-invalid' }],
      });
      emulator.gateway.securityHub.customize(place(), 'EC2.18', { newParameter: { Integer: 1 } });
      expect(await planned(id, '--control', 'EC2.18')).toMatchObject({
        forecasts: [{ status: 'unfixable', code: 'detector-parameter-unknown' }],
      });
      emulator.gateway.securityHub.customize(place(), 'EC2.18', { authorizedTcpPorts: {} });
      expect(await planned(id, '--control', 'EC2.18')).toMatchObject({
        forecasts: [{ status: 'unfixable', code: 'detector-parameters-unreadable' }],
      });
    });

    it('and says so where nobody can be asked', async () => {
      const id = await openGroup(443);
      const faults = (['BatchGetSecurityControls', 'DescribeConfigRules'] as const).map((operation) =>
        emulator.gateway.fail({ operation, account: account.account, as: 'access-denied', times: 100 }),
      );
      const text = await posture(['plan', id, '--rule', ports], env);
      for (const fault of faults) fault.cancel();
      expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining('of the defaults of the rule') });
      expect(text.stderr).toMatch(
        /Security Hub of eu-west-1 can't be asked \(AccessDenied.*\)\. The defaults of the rules are used instead/,
      );
      expect(text.stderr).toMatch(/AWS Config of eu-west-1 can't be asked/);
    });

    it('and asks nobody for a rule that has none', async () => {
      const name = await bucket();
      emulator.gateway.clear();
      await planned(name, '--rule', 's3-bucket-tls-required');
      const asked = emulator.gateway.calls.filter(({ service }) => service === 'securityhub' || service === 'config');
      expect(asked).toEqual([]);
    });
  });

  it('finds by a bare id alone what the id is of', async () => {
    const ec2 = account.client(EC2Client);
    const { GroupId: id = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'open', Description: 'open to all' }));
    const everyone = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [everyone] }));
    const { forecasts } = await planned(id);
    expect(new Set(forecasts.map((one) => one.id))).toEqual(new Set([id]));
    expect(forecasts.some(({ status, rule }) => status === 'would-change' && rule === 'ec2-security-group-admin-ports-closed')).toBe(true);
  });

  it('leaves out responses to threats with --all, unless they are named', async () => {
    const other = await emulator.account();
    await other.client(IAMClient).send(new CreateUserCommand({ UserName: 'jane' }));
    const responses = new Set(loadRules().flatMap(({ rule }) => (rule.response ? [rule.id] : [])));
    const plan = async (...args: string[]) =>
      JSON.parse((await posture(['plan', '--all', ...args, '--json'], environmentOf(other))).stdout) as Answer;
    const { forecasts, overlooked } = await plan();
    expect(forecasts.length).toBeGreaterThan(20);
    expect(forecasts.filter(({ rule }) => responses.has(rule))).toEqual([]);
    expect(overlooked.filter(({ what }) => [...responses].some((id) => what.includes(id)))).toEqual([]);
    const named = await plan('--rule', 'iam-user-quarantined');
    expect(named.forecasts).toMatchObject([{ id: 'jane', rule: 'iam-user-quarantined', status: 'would-change' }]);
  });

  it('looks at resources with names outside ASCII, too', async () => {
    const other = await emulator.account();
    const alarm = { MetricName: 'Used', Namespace: 'Disk', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 9 } as const;
    for (const AlarmName of ['Überlauf', 'overflow'])
      await other
        .client(CloudWatchClient)
        .send(new PutMetricAlarmCommand({ ...alarm, AlarmName, ComparisonOperator: 'GreaterThanThreshold', ActionsEnabled: false }));
    const { code, stdout } = await posture(['plan', '--all', '--rule', 'cloudwatch-alarm-actions-enabled', '--json'], environmentOf(other));
    const { forecasts, overlooked } = JSON.parse(stdout) as Answer;
    expect(code).toBe(2);
    expect(new Set(forecasts.map(({ id }) => id))).toEqual(new Set(['overflow', 'Überlauf']));
    expect(overlooked).toEqual([]);
  });

  it('looks at every resource of the account, with S3 Control among the services', async () => {
    const other = await emulator.account();
    const s3 = other.client(S3Client);
    const names = [`one-${other.account}`, `two-${other.account}`];
    for (const Bucket of names)
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    const rules = ['--rule', 's3-account-public-access-blocked', '--rule', 's3-bucket-public-access-blocked'];
    const { code, stdout } = await posture(['plan', '--all', ...rules, '--json'], environmentOf(other));
    const answer = JSON.parse(stdout) as Answer;
    expect(code).toBe(2);
    expect(answer.overlooked).toEqual([]);
    expect(answer.forecasts.map(({ id, status }) => `${id} ${status}`).sort()).toEqual(
      [...names, other.account].map((id) => `${id} would-change`).sort(),
    );
    expect(answer.counts).toMatchObject({ 'would-change': 3, compliant: 0 });

    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    await other.client(S3ControlClient).send(new PutPublicAccessBlockCommand({ AccountId: other.account, PublicAccessBlockConfiguration }));
    const text = await posture(['plan', '--account-wide', ...rules], environmentOf(other));
    expect(text.stdout).toMatch(/3 checks: .*1 compliant/);
    expect(text.stdout).not.toContain('s3-account-public-access-blocked');
  });

  it('leaves alone what is exempt, and says why', async () => {
    const name = await bucket(undefined, { 'posture:exempt': versioning });
    const { code, forecasts } = await planned(name, '--rule', versioning);
    expect(code).toBe(0);
    expect(forecasts).toMatchObject([{ status: 'exempt', reason: expect.stringContaining('the tag posture:exempt names this rule') }]);
  });

  it('goes on where AWS refuses one resource, and ends with 1', async () => {
    const [refused, seen] = [await bucket(), await bucket()];
    const fault = emulator.gateway.fail({ service: 's3', operation: 'GetBucketVersioning', account: account.account, as: 'access-denied' });
    const { code, forecasts } = await planned(refused, seen, '--rule', versioning);
    fault.cancel();
    expect(code).toBe(1);
    expect(forecasts.map(({ status }) => status).sort()).toEqual(['error', 'would-change']);
    expect(forecasts.find(({ status }) => status === 'error')?.reason).toContain('AccessDenied');
  });

  it('goes on where AWS refuses a list, and says what was not looked at', async () => {
    const fault = emulator.gateway.fail({
      service: 's3',
      operation: 'ListBuckets',
      account: account.account,
      times: 9,
      as: 'access-denied',
    });
    const { code, overlooked } = await planned(
      '--all',
      '--rule',
      's3-bucket-public-access-blocked',
      '--rule',
      's3-account-public-access-blocked',
    );
    fault.cancel();
    expect(code).toBe(1);
    expect(overlooked).toEqual([
      { what: 'the resources of s3-bucket-public-access-blocked', reason: expect.stringContaining('AccessDenied') },
    ]);
  });

  it('ends with 1 for a resource that is not there, is of another account, or of no rule', async () => {
    expect(await planned('no-such-bucket-anywhere-at-all', '--rule', versioning)).toMatchObject({
      code: 1,
      forecasts: [{ status: 'not-found' }],
    });
    // A rule that lacks parameters has not looked, and does not know that it is there.
    const nowhere = await planned('arn:aws:s3:::no-such-bucket-anywhere-at-all', '--rule', versioning, '--rule', 's3-bucket-access-logged');
    expect(nowhere).toMatchObject({ code: 1, counts: { 'not-found': 1, 'not-configured': 1 } });
    expect(await planned('arn:aws-cn:s3:::records')).toMatchObject({
      code: 1,
      overlooked: [{ reason: expect.stringContaining('in the partition aws-cn, and these credentials are for aws.') }],
    });
    const elsewhere = 'arn:aws:ec2:eu-west-1:999988887777:security-group/sg-0123456789abcdef0';
    expect(await planned(elsewhere)).toMatchObject({
      code: 1,
      overlooked: [
        {
          what: elsewhere,
          reason: expect.stringContaining(`in account 999988887777, and these credentials are for account ${account.account}`),
        },
      ],
    });
    expect(await planned('arn:aws:sqs:eu-west-1::queue')).toMatchObject({
      code: 1,
      overlooked: [{ reason: expect.stringMatching(/None of the rules supports this resource. Supported types: .*AWS::S3::Bucket/) }],
    });
    expect(await planned('arn:aws:oddity')).toMatchObject({
      code: 1,
      overlooked: [{ reason: expect.stringContaining('is not a valid ARN or id') }],
    });
  });

  it('gives the parameters to the rule, and refuses those that do not fit', async () => {
    const name = await bucket();
    const refused = await planned(name, '--rule', versioning, '--parameters', '{"speed": 9}');
    expect(refused).toMatchObject({
      code: 2,
      forecasts: [{ status: 'not-configured', code: 'invalid-parameter', reason: expect.stringContaining('speed') }],
    });
    const several = await posture(
      ['plan', name, '--rule', versioning, '--rule', 'kms-key-rotation-enabled', '--parameters', '{"s3-bucket-versionin-enabled": {}}'],
      env,
    );
    expect(several).toMatchObject({ code: 1, stderr: expect.stringContaining(`Did you mean ${versioning}?`) });
    const broken = await posture(['plan', name, '--rule', versioning, '--parameters', '{speed'], env);
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('--parameters is not a JSON object') });
  });

  it('asks what to look at, rather than to look at everything', async () => {
    expect(await posture(['plan'], env)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('or --all for all resources'),
    });
    expect(await posture(['plan', '--all', 'papers'], env)).toMatchObject({
      code: 1,
      stderr: 'Specify either resources or --all, not both.\n',
    });
    expect(await posture(['plan', '--all', '--rule', 'kms-key-rotation'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean kms-key-rotation-enabled?'),
    });
  });
});

describe('an error', () => {
  const plan = ['plan', '--all', '--rule', versioning];
  const without = (...names: string[]) => Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

  it('says what to do where credentials are missing, unknown, or of no profile', async () => {
    expect(await launch(plan, { env: without(...keys) })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^No AWS credentials were found\. Sign in .*\n {2}CredentialsProviderError: [^\n]*\n$/),
    });
    expect(await posture([...plan, '--profile', 'nobody'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The AWS profile "nobody" has no credentials.'),
    });
  });

  it('says what to do where the region is missing or is none', async () => {
    expect(await posture(plan, without('AWS_REGION'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No AWS Region is set. Specify --region'),
    });
    expect(await posture([...plan, '--region', 'eu-west'], env)).toMatchObject({
      code: 1,
      stderr: '"eu-west" is not a valid AWS Region. Specify a Region such as eu-west-1.\n',
    });
  });

  it('says what to do where AWS refuses, is slow, or can not be reached', async () => {
    const meet = async (as: 'access-denied' | 'throttle') => {
      const fault = emulator.gateway.fail({ service: 'sts', operation: 'GetCallerIdentity', times: 9, as });
      const run = await posture(plan, env);
      fault.cancel();
      return run;
    };
    expect(await meet('access-denied')).toMatchObject({ code: 1, stderr: expect.stringContaining('these credentials lack a permission') });
    expect(await meet('throttle')).toMatchObject({ code: 1, stderr: expect.stringContaining('Try again in a minute') });
    const unreachable = await posture(plan, { ...env, AWS_ENDPOINT_URL: 'http://localhost:9' });
    expect(unreachable).toMatchObject({ code: 1, stderr: expect.stringMatching(/AWS cannot be reached.*\n.* at http:\/\/localhost:9/) });
  });

  it('shows where it came from only with --debug', async () => {
    expect((await posture(plan, without('AWS_REGION'))).stderr).not.toMatch(/\n\s+at /);
    expect((await posture([...plan, '--debug'], without('AWS_REGION'))).stderr).toMatch(/\n\s+at /);
  });

  it('takes the region from AWS_DEFAULT_REGION and the option before both', async () => {
    const region = async (args: readonly string[], more: Readonly<Record<string, string>>) => {
      const { stdout } = await posture(['plan', account.account, '--rule', 'iam-password-policy-strong', '--json', ...args], more);
      return (JSON.parse(stdout) as Answer).region;
    };
    expect(await region([], { ...without('AWS_REGION'), AWS_DEFAULT_REGION: 'eu-north-1' })).toBe('eu-north-1');
    expect(await region(['--region', 'us-east-2'], env)).toBe('us-east-2');
  });
});

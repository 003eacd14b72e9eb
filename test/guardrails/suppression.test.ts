import { otherRegions } from '../../functions/facts/other-regions';
import { type SuppressionSought, suppressionOf } from '../../functions/facts/suppression';
import { retryMessage } from '../../functions/findings/retry-message';
import { readEvent } from '../../functions/sources/read-event';
import { everyRegion } from '../../rules/every-region';
import type { Aws, AwsCommand, Resource, ResourceKind } from '../../rules/rule';
import { configComplianceChange } from '../events/config';
import { badBucket, isKept } from './bucket';
import { alice, approvers, type Central, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };

interface Said {
  readonly control?: string;
  readonly status?: string;
  readonly region?: string;
  readonly account?: string;
}

/** Somebody has set the workflow status of another finding about the bucket. */
function says(
  central: Central,
  bucket: string,
  { control = 'S3.999', status = 'SUPPRESSED', region = 'eu-west-1', account }: Said = {},
): void {
  const place = { account: account ?? central.account.account, region };
  central.emulator.gateway.securityHub.seed(place, {
    Id: `arn:aws:securityhub:${region}:${place.account}:subscription/cis/${control}/finding/${bucket}`,
    ProductArn: `arn:aws:securityhub:${region}::product/aws/securityhub`,
    Workflow: { Status: status },
    Compliance: { SecurityControlId: control },
    Resources: [{ Id: `arn:aws:s3:::${bucket}`, Type: 'AwsS3Bucket' }],
  });
}

const excepts = (central: Central, bucket: string, more: object = {}, region = 'eu-west-1') =>
  central.emulator.gateway.config.except(
    { account: central.account.account, region },
    { ConfigRuleName: 'bucket-well-kept', ResourceType: 'AWS::S3::Bucket', ResourceId: bucket, Message: 'a public site', ...more },
  );

const fromConfig = ({ account }: Central, resourceId: string, rule = 'bucket-well-kept') =>
  configComplianceChange({ rule, resourceType: 'AWS::S3::Bucket', resourceId, account: account.account });

describe('what somebody has suppressed in Security Hub', () => {
  it.each<[string, Said, string]>([
    ['under this control', {}, 'suppressed'],
    ['under this control in a Region where the bucket is not', { region: 'us-east-1' }, 'fixed'],
    ['under another control', { control: 'S3.1' }, 'fixed'],
    ['in another account', { account: '999988887777' }, 'fixed'],
    ['not at all: it was notified', { status: 'NOTIFIED' }, 'fixed'],
  ])('%s is a person’s word for a fresh finding of any source', async (_, said, outcome) => {
    const central = await open();
    await central.deploy(fix);
    const buckets = [await badBucket(central.account), await badBucket(central.account)] as const;
    for (const bucket of buckets) says(central, bucket, said);
    expect(await central.find(buckets[0])).toMatchObject({ outcome });
    expect((await central.send(fromConfig(central, buckets[1]))).results).toMatchObject([{ outcome }]);
    for (const bucket of buckets) expect(await isKept(central.account, bucket)).toBe(outcome === 'fixed');
  });

  it('is in the decision, with the finding', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    says(central, bucket);
    const { remediation } = await central.find(bucket);
    expect((await central.last(remediation))?.reason).toContain(
      `the finding arn:aws:securityhub:eu-west-1:${central.account.account}:subscription/cis/S3.999/finding/${bucket} is SUPPRESSED in Security Hub`,
    );
  });

  it('is a word also after an approval', async () => {
    const central = await open();
    await central.deploy({ modes: { default: 'ask' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    says(central, bucket);
    expect(await central.delivered()).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('that can’t be read keeps the rule from changing anything', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    const fault = central.emulator.gateway.fail({
      operation: 'GetFindings',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining("it can't be read whether somebody has suppressed the finding"),
    });
    fault.cancel();
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('is asked for once in five seconds by the fixes of a burst', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { account: {}, all: {} } });
    const buckets = await Promise.all(Array.from({ length: 8 }, () => badBucket(central.account)));
    const [, , , suppressed = '', , , later = ''] = buckets;
    says(central, suppressed);
    central.emulator.gateway.clear();
    const results = [];
    for (const bucket of buckets.slice(0, 6)) results.push(await central.find(bucket));
    expect(results.map(({ outcome }) => outcome)).toEqual(['fixed', 'fixed', 'fixed', 'suppressed', 'fixed', 'fixed']);
    expect(results[3]?.reason).toContain(`${suppressed} is SUPPRESSED in Security Hub`);
    const asked = () => central.emulator.gateway.calls.filter(({ operation }) => operation === 'GetFindings').length;
    expect(asked()).toBe(2);
    says(central, later);
    central.clock.pass(6);
    expect(await central.find(later)).toMatchObject({ outcome: 'suppressed' });
    expect(asked()).toBe(3);
  });

  it('is asked for anew where a person requests the fix', async () => {
    const central = await open();
    await central.deploy({ ...fix, approvals: { approvers, fourEyes: false } });
    const [one = '', two = '', three = '', four = ''] = await Promise.all(Array.from({ length: 4 }, () => badBucket(central.account)));
    for (const bucket of [one, two]) expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    for (const bucket of [three, four]) says(central, bucket);
    const { findings } = readEvent(plantedRule, central.finding(three), { centralAccount: central.account.account });
    const messages = findings.map((finding) => retryMessage({ finding: { ...finding, source: 'security-hub-custom-action' }, number: 0 }));
    expect((await central.send(messages[0])).results).toMatchObject([{ outcome: 'suppressed' }]);
    await central.order({ order: 'fix', rule: plantedRule.id, resource: `arn:aws:s3:::${four}`, why: 'for the audit' }, alice);
    expect(await central.delivered()).toMatchObject([{ outcome: 'suppressed' }]);
  });

  it('is asked for each resource where too much is suppressed', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { account: {}, all: {} } });
    for (let index = 0; index < 501; index += 1) says(central, `other-${index}`);
    const buckets = await Promise.all(Array.from({ length: 4 }, () => badBucket(central.account)));
    says(central, buckets[3] ?? '');
    const results = [];
    for (const bucket of buckets) results.push(await central.find(bucket));
    expect(results.map(({ outcome }) => outcome)).toEqual(['fixed', 'fixed', 'fixed', 'suppressed']);
  });

  it('is not asked for where nothing would be changed', async () => {
    const central = await open();
    await central.deploy({ ...unbounded, modes: { default: 'observe' } });
    central.emulator.gateway.clear();
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'observed' });
    expect(central.emulator.gateway.calls.filter(({ operation }) => operation === 'GetFindings')).toEqual([]);
  });
});

describe('a remediation exception of AWS Config', () => {
  it.each<[string, object, string, string]>([
    ['of this Config rule', {}, 'eu-west-1', 'suppressed'],
    ['with an end to come', { ExpirationTime: Date.parse('2026-11-25T00:00:00Z') / 1000 }, 'eu-west-1', 'suppressed'],
    ['that has expired', { ExpirationTime: Date.parse('2026-11-24T00:00:00Z') / 1000 }, 'eu-west-1', 'fixed'],
    ['for another resource', { ResourceId: 'other' }, 'eu-west-1', 'fixed'],
    ['for a resource of another type', { ResourceType: 'AWS::SNS::Topic' }, 'eu-west-1', 'fixed'],
    ['of another Config rule', { ConfigRuleName: 'required-tags' }, 'eu-west-1', 'fixed'],
    ['in a Region where the bucket is not', {}, 'us-east-1', 'fixed'],
  ])('%s is a person’s word for findings of every source', async (_, more, region, outcome) => {
    const central = await open();
    await central.deploy(fix);
    const buckets = [await badBucket(central.account), await badBucket(central.account)] as const;
    for (const bucket of buckets) excepts(central, bucket, more, region);
    const result = await central.find(buckets[0]);
    expect(result).toMatchObject({ outcome });
    if (outcome === 'suppressed')
      expect(result.reason).toContain('the Config rule bucket-well-kept has a remediation exception for the resource');
    expect((await central.send(fromConfig(central, buckets[1]))).results).toMatchObject([{ outcome }]);
  });

  it('of the Config rule of the finding counts, whatever its name', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    const rule = 'OrgConfigRule-bucket-well-kept-abcde12';
    excepts(central, bucket, { ConfigRuleName: rule });
    expect((await central.send(fromConfig(central, bucket, rule))).results).toMatchObject([{ outcome: 'suppressed' }]);
  });

  it('that can’t be read keeps the rule from changing anything', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    const { account } = central.account;
    const fault = central.emulator.gateway.fail({ operation: 'DescribeRemediationExceptions', account, as: 'access-denied', times: 100 });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'awaiting-approval' });
    fault.cancel();
  });
});

type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

/** What is said, where AWS answers by the name of the command. */
function said(answers: Answers, more: Partial<ResourceKind> = {}, region: (region: string) => Answers = () => answers) {
  const arn = 'arn:aws:logs:eu-west-1:111122223333:log-group:/shop';
  const template = 'arn:aws:logs:{region}:{account}:log-group:{slashedId}{wildcard}';
  const kind: ResourceKind = { type: 'AWS::Logs::LogGroup', arn: template, scope: 'regional', ...more };
  const resource: Resource = { type: kind.type, id: '/shop', arn, partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const finding = { id: 'a finding', source: 'security-hub' as const, resource: { kind, reported: { arn } } };
  const sought: SuppressionSought = { rule: plantedRule, finding, resource, now: new Date('2026-11-24T12:00:00Z'), asksV2: false };
  const awsOf = (by: Answers): Aws => ({
    send: async (command: AwsCommand<never>) => by[command.constructor.name]?.(command.input as Readonly<Record<string, unknown>>) as never,
  });
  const elsewhere = otherRegions((place) => awsOf(region(place.region)), { now: () => sought.now });
  return suppressionOf(sought, { aws: awsOf(answers), otherRegions: elsewhere });
}

const refusing = (name: string, message: string) => () => {
  throw Object.assign(new Error(message), { name });
};
const none = { GetFindingsCommand: () => ({}), DescribeRemediationExceptionsCommand: () => ({}) };
const global = { scope: 'global', reportedIn: everyRegion } as const;
const notInUse = refusing('InvalidAccessException', 'Account 111122223333 is not subscribed to AWS Security Hub');

describe('what somebody has suppressed', () => {
  it('is looked for under each ARN that AWS writes, and on every page', async () => {
    const inputs: unknown[] = [];
    const pages = [{ Findings: [], NextToken: 'more' }, { Findings: [{ Id: 'two' }] }];
    const GetFindingsCommand = (input: object) => {
      inputs.push(input);
      return pages.shift() ?? {};
    };
    expect(await said({ ...none, GetFindingsCommand })).toBe('the finding two is SUPPRESSED in Security Hub');
    const arn = 'arn:aws:logs:eu-west-1:111122223333:log-group:/shop';
    expect(inputs).toMatchObject([{ Filters: { ResourceId: [{ Value: arn }, { Value: `${arn}:*` }] } }, { NextToken: 'more' }]);
  });

  it('is nothing where Security Hub is not in use, and AWS Config has no such rule', async () => {
    const DescribeRemediationExceptionsCommand = refusing('NoSuchConfigRuleException', 'The ConfigRule provided is invalid.');
    expect(await said({ GetFindingsCommand: notInUse, DescribeRemediationExceptionsCommand })).toBeUndefined();
  });

  it.each([
    ['refuses', 'InvalidAccessException', 'The account has no permission'],
    ['denies', 'AccessDeniedException', 'User is not authorized, with an explicit deny in a service control policy'],
  ])('is unknown where Security Hub %s', async (_, name, message) => {
    await expect(said({ ...none, GetFindingsCommand: refusing(name, message) })).rejects.toThrow(message);
  });

  it('is nothing in a Region that the organization has closed, but unknown in one that denies for another reason', async () => {
    const answers = { ...none, DescribeRegionsCommand: () => ({ Regions: [{ RegionName: 'eu-west-1' }, { RegionName: 'us-east-1' }] }) };
    const elsewhere = (message: string) => ({ ...none, GetFindingsCommand: refusing('AccessDeniedException', message) });
    const closed = 'not authorized to perform: securityhub:GetFindings with an explicit deny in a service control policy';
    expect(await said(answers, global, () => elsewhere(closed))).toBeUndefined();
    await expect(said(answers, global, () => elsewhere('not authorized'))).rejects.toThrow('not authorized');
  });

  it('is unknown where the Regions of the account are', async () => {
    const answers = { ...none, DescribeRegionsCommand: refusing('UnauthorizedOperation', 'not authorized') };
    await expect(said(answers, global)).rejects.toThrow('not authorized');
  });

  it('is found for a type whose ids in AWS Config are others, and unknown where there are too many to compare', async () => {
    const exceptions = (ids: readonly string[]) => ({
      ...none,
      DescribeRemediationExceptionsCommand: ({ ResourceKeys }: { readonly ResourceKeys?: unknown }) => ({
        RemediationExceptions: ResourceKeys ? [] : ids.map((ResourceId) => ({ ResourceType: 'AWS::Logs::LogGroup', ResourceId })),
      }),
    });
    const resolve = async (id: string) => (id === 'lg-7' ? ['arn:aws:logs:eu-west-1:111122223333:log-group:/shop:*'] : []);
    expect(await said(exceptions(['lg-6', 'lg-7']), { resolve })).toContain('has a remediation exception');
    expect(await said(exceptions(['lg-6']), { resolve })).toBeUndefined();
    const many = Array.from({ length: 101 }, (_, index) => `lg-${index}`);
    await expect(said(exceptions(many), { resolve })).rejects.toThrow('more than 100 remediation exceptions');
  });
});

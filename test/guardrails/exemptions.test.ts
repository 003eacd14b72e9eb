import { CloudWatchLogsClient, CreateLogGroupCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchImportFindingsCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Finding } from '../../functions/findings/finding';
import { storyOf } from '../../functions/notify/message-content';
import { hasToKnow } from '../../functions/notify/to-know';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { workflowOf } from '../../functions/sources/security-hub/workflow';
import keptLongEnough from '../../rules/cloudwatch/log-group-kept-long-enough';
import type { Aws, AwsCommand, Resource } from '../../rules/rule';
import { configComplianceChange } from '../events/config';
import { securityHubImported } from '../events/security-hub';
import { badBucket, isKept } from './bucket';
import { alice, approvers, plantedRule, unbounded, useHub } from './central';

const { open } = useHub();
const fix = { ...unbounded, modes: { default: 'fix' } };
const entry = { reason: 'a public site', owner: 'web', expires: '2026-12-31' };

describe('an exemption', () => {
  it('of the policy holds by ARN pattern, and until its last day', async () => {
    const hub = await open();
    const bucket = await badBucket(hub.account);
    await hub.deploy({ ...fix, exemptions: [{ ...entry, rules: ['s3-*'], resources: [`arn:aws:s3:::kept-${hub.account.account}-*`] }] });
    const ending = await hub.find(bucket);
    expect(ending).toMatchObject({
      outcome: 'exempt',
      reason: expect.stringContaining('exemptions[0] of web (a public site) applies until 2026-12-31'),
    });
    expect((await hub.last(ending.remediation))?.decision).toContain(
      'exemption: exemptions[0] of web (a public site) applies until 2026-12-31 -> skip',
    );
    expect(await isKept(hub.account, bucket)).toBe(false);

    hub.clock.goTo('2026-12-31T23:59:59Z');
    const soon = await hub.find(bucket);
    expect(soon).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining('it expires soon: renew or remove it') });
    expect((await hub.last(soon.remediation))?.until).toBe('2027-01-01T00:00:00.000Z');
    hub.clock.goTo('2027-01-01T00:00:00Z');
    const over = await hub.find(bucket);
    expect(over).toMatchObject({ outcome: 'fixed' });
    expect((await hub.trail(over.remediation)).flatMap(({ decision = [] }) => decision)).toContain(
      'exemption: exemptions[0] of web (a public site) expired after 2026-12-31',
    );
  });

  it.each([
    ['without', '', ':*'],
    ['with', ':*', ''],
  ])('of a log group by its ARN %s a wildcard holds, however the finding has it', async (_, written, reported) => {
    const { account, ...hub } = await open({ rules: [keptLongEnough] });
    const arn = `arn:aws:logs:${account.region}:${account.account}:log-group:/shop`;
    await account.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: '/shop' }));
    await account.client(CloudWatchLogsClient).send(new PutRetentionPolicyCommand({ logGroupName: '/shop', retentionInDays: 1 }));
    await hub.deploy({ ...fix, exemptions: [{ ...entry, resources: [`${arn}${written}`] }] });
    const fault = {
      control: 'CloudWatch.16',
      account: account.account,
      resource: { type: 'AWS::Logs::LogGroup', arn: `${arn}${reported}` },
    };
    expect((await hub.send(securityHubImported(fault), keptLongEnough)).endings).toMatchObject([{ outcome: 'exempt' }]);
  });

  it.each([
    ['names the rule and a day', 's3-bucket-well-kept until 2026-12-31', 'exempt'],
    ['names all rules', 'all until 2026-12-31', 'exempt'],
    ['names another rule', 's3-bucket-tls-required until 2026-12-31', 'fixed'],
    ['was until a day that is over', 's3-bucket-well-kept until 2026-11-23', 'fixed'],
    ['can not be read', 'please until +x', 'exempt'],
    ['has no day', 's3-bucket-well-kept', 'exempt'],
  ])('of a tag that %s ends so', async (_, value, outcome) => {
    const hub = await open();
    await hub.deploy(fix);
    const bucket = await badBucket(hub.account, { 'posture:exempt': value });
    expect(await hub.find(bucket)).toMatchObject({ outcome });
    expect(await isKept(hub.account, bucket)).toBe(outcome === 'fixed');
  });

  it.each([
    ['of the policy', {}, [{ ...entry, rules: ['s3-*'] }]],
    ['of a tag', { 'posture:exempt': 'all until 2026-12-31' }, []],
  ])('%s that ends within 14 days is told to people, with its end', async (_, tags, exemptions) => {
    const hub = await open();
    await hub.deploy({ ...fix, exemptions });
    const bucket = await badBucket(hub.account, tags as Record<string, string>);
    const told = async (now: string) => {
      hub.clock.goTo(now);
      expect(await hub.find(bucket)).toMatchObject({ outcome: 'exempt' });
      return hub.told().at(-1) as OutcomeEvent;
    };
    expect(hasToKnow(await told('2026-12-18T00:00:00Z'))).toBe(false);
    const soon = await told('2026-12-18T00:00:01Z');
    expect(hasToKnow(soon)).toBe(true);
    expect(soon).toMatchObject({ until: '2027-01-01T00:00:00.000Z', reason: expect.stringContaining('soon: renew or remove it') });
    expect(storyOf(soon, { partition: 'aws', region: 'eu-west-1' }).facts).toContainEqual({
      label: 'Exempt until',
      given: '2027-01-01T00:00:00.000Z',
    });
  });

  it('that could be in tags that can not be read is not approved away', async () => {
    const hub = await open();
    await hub.deploy({ modes: { default: 'ask' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } });
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    expect(await hub.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    const fault = hub.emulator.gateway.fail({
      operation: 'GetBucketTagging',
      account: hub.account.account,
      as: 'access-denied',
      times: 100,
    });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'asked' }]);
    expect((await hub.trail(remediation)).findLast(({ kind }) => kind === 'approval-refused')).toMatchObject({
      reason: expect.stringContaining("does not stand in for what can't be read: the tags can't be read"),
    });
    expect(await isKept(hub.account, bucket)).toBe(false);
    fault.cancel();
  });

  it('is asked about where tags can not be read', async () => {
    const hub = await open();
    await hub.deploy(fix);
    hub.emulator.gateway.fail({ operation: 'GetBucketTagging', account: hub.account.account, as: 'access-denied', times: 100 });
    const bucket = await badBucket(hub.account);
    expect(await hub.find(bucket)).toMatchObject({
      outcome: 'asked',
      reason: expect.stringContaining("the tags can't be read, and may exempt the resource"),
    });
    expect(await isKept(hub.account, bucket)).toBe(false);
  });

  it.each([
    ['this control on this resource', 'S3.999', true, 'suppressed'],
    ['another control', 'S3.1', true, 'fixed'],
    ['another resource', 'S3.999', false, 'fixed'],
  ])('is what a finding says that is suppressed for %s, where AWS Config has found the fault', async (_, control, same, outcome) => {
    const hub = await open();
    await hub.deploy(fix);
    const bucket = await badBucket(hub.account);
    const { account } = hub.account;
    hub.emulator.gateway.securityHub.seed(hub.account, {
      Id: 'one',
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
      Workflow: { Status: 'SUPPRESSED' },
      Compliance: { SecurityControlId: control },
      Resources: [{ Id: `arn:aws:s3:::${same ? bucket : 'other'}`, Type: 'AwsS3Bucket' }],
    });
    const event = configComplianceChange({ rule: 'bucket-well-kept', resourceType: 'AWS::S3::Bucket', resourceId: bucket, account });
    expect((await hub.send(event)).endings).toMatchObject([{ outcome }]);
    expect(await isKept(hub.account, bucket)).toBe(outcome === 'fixed');
  });

  it.each([
    ['is not in use', 'InvalidAccessException', 'Account 111122223333 is not subscribed to AWS Security Hub', undefined],
    ['refuses', 'InvalidAccessException', 'The account has no permission', 'unknown'],
    ['denies', 'AccessDeniedException', 'not authorized', 'unknown'],
  ])('of AWS Config is none where Security Hub %s', async (_, name, message, expected) => {
    const aws = { send: () => Promise.reject(Object.assign(new Error(message), { name })) };
    const about = { rule: plantedRule, resource: { arn: 'arn:aws:s3:::records' } as Resource };
    const finding = { source: 'config', resource: { kind: plantedRule.resource } } as Finding;
    const answer = await workflowOf(finding, about, aws as Aws).catch(() => 'unknown');
    expect(answer).toBe(expected);
  });

  it('of AWS Config is looked for under each ARN that AWS writes for the resource', async () => {
    const sent: unknown[] = [];
    const aws = { send: (command: AwsCommand) => Promise.resolve(sent.push(command.input) && {}) };
    const arn = 'arn:aws:logs:eu-west-1:111122223333:log-group:/shop';
    const kind = { type: 'AWS::Logs::LogGroup', arn: 'arn:aws:logs:{region}:{account}:log-group:{slashedId}{wildcard}', scope: 'regional' };
    await workflowOf(
      { source: 'config', resource: { kind } } as Finding,
      { rule: plantedRule, resource: { arn } as Resource },
      aws as unknown as Aws,
    );
    expect(sent).toMatchObject([{ Filters: { ResourceId: [{ Value: arn }, { Value: `${arn}:*` }] } }]);
  });

  it('is what a suppressed finding says whose event was delivered late', async () => {
    const hub = await open();
    await hub.deploy(fix);
    const bucket = await badBucket(hub.account);
    const event = hub.finding(bucket);
    const [found] = event.detail.findings;
    hub.emulator.gateway.securityHub.seed(hub.account, { ...found, Workflow: { Status: 'SUPPRESSED' } } as never);
    const { endings } = await hub.send({ ...event, time: new Date(hub.clock.now().getTime() - 3_600_000).toISOString() });
    expect(endings).toMatchObject([{ outcome: 'suppressed' }]);
  });

  it('is what a suppressed finding says, also while it was put off', async () => {
    const hub = await open();
    await hub.deploy({ ...fix, freezes: [{ reason: 'sale', from: '2026-11-24T00:00', to: '2026-11-25T00:00' }] });
    const bucket = await badBucket(hub.account);
    const event = hub.finding(bucket);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'deferred' });

    const client = hub.account.client(SecurityHubClient);
    await client.send(new EnableSecurityHubCommand({}));
    const [found] = event.detail.findings;
    await client.send(new BatchImportFindingsCommand({ Findings: [{ ...found, Workflow: { Status: 'SUPPRESSED' } }] as never }));
    const { endings } = await hub.comeBack();
    expect(endings).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await isKept(hub.account, bucket)).toBe(false);
  });
});

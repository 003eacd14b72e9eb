import { CloudWatchLogsClient, CreateLogGroupCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { BatchImportFindingsCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { messageContentOf } from '../../functions/notify/message-content';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { hasToKnow } from '../../functions/outcomes/to-know';
import keptLongEnough from '../../rules/cloudwatch/log-group-kept-long-enough';
import { securityHubImported } from '../events/security-hub';
import { badBucket, isKept } from './bucket';
import { alice, approvers, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };
const entry = { reason: 'a public site', owner: 'web', expires: '2026-12-31' };

describe('an exemption', () => {
  it('of the policy holds by ARN pattern, and until its last day', async () => {
    const central = await open();
    const bucket = await badBucket(central.account);
    await central.deploy({
      ...fix,
      exemptions: [{ ...entry, rules: ['s3-*'], resources: [`arn:aws:s3:::kept-${central.account.account}-*`] }],
    });
    const result = await central.find(bucket);
    expect(result).toMatchObject({
      outcome: 'exempt',
      reason: expect.stringContaining('exemptions[0] of web (a public site) applies until 2026-12-31'),
    });
    expect((await central.last(result.remediation))?.decision).toContain(
      'exemption: exemptions[0] of web (a public site) applies until 2026-12-31 -> skip',
    );
    expect(await isKept(central.account, bucket)).toBe(false);

    central.clock.goTo('2026-12-31T23:59:59Z');
    const soon = await central.find(bucket);
    expect(soon).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining('it expires soon: renew or remove it') });
    expect((await central.last(soon.remediation))?.until).toBe('2027-01-01T00:00:00.000Z');
    central.clock.goTo('2027-01-01T00:00:00Z');
    const over = await central.find(bucket);
    expect(over).toMatchObject({ outcome: 'fixed' });
    expect((await central.trail(over.remediation)).flatMap(({ decision = [] }) => decision)).toContain(
      'exemption: exemptions[0] of web (a public site) expired after 2026-12-31',
    );
  });

  it.each([
    ['without', '', ':*'],
    ['with', ':*', ''],
  ])('of a log group by its ARN %s a wildcard holds, however the finding has it', async (_, written, reported) => {
    const { account, ...central } = await open({ rules: [keptLongEnough] });
    const arn = `arn:aws:logs:${account.region}:${account.account}:log-group:/shop`;
    await account.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: '/shop' }));
    await account.client(CloudWatchLogsClient).send(new PutRetentionPolicyCommand({ logGroupName: '/shop', retentionInDays: 1 }));
    await central.deploy({ ...fix, exemptions: [{ ...entry, resources: [`${arn}${written}`] }] });
    const fault = {
      control: 'CloudWatch.16',
      account: account.account,
      resource: { type: 'AWS::Logs::LogGroup', arn: `${arn}${reported}` },
    };
    expect((await central.send(securityHubImported(fault), keptLongEnough)).results).toMatchObject([{ outcome: 'exempt' }]);
  });

  it.each([
    ['names the rule and a day', 's3-bucket-well-kept until 2026-12-31', 'exempt'],
    ['names all rules', 'all until 2026-12-31', 'exempt'],
    ['names another rule', 's3-bucket-tls-required until 2026-12-31', 'fixed'],
    ['was until a day that is over', 's3-bucket-well-kept until 2026-11-23', 'fixed'],
    ['can not be read', 'please until +x', 'exempt'],
    ['has no day', 's3-bucket-well-kept', 'exempt'],
  ])('of a tag that %s ends so', async (_, value, outcome) => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account, { 'posture:exempt': value });
    expect(await central.find(bucket)).toMatchObject({ outcome });
    expect(await isKept(central.account, bucket)).toBe(outcome === 'fixed');
  });

  it.each([
    ['of the policy', {}, [{ ...entry, rules: ['s3-*'] }]],
    ['of a tag', { 'posture:exempt': 'all until 2026-12-31' }, []],
  ])('%s that ends within 14 days is told to people, with its end', async (_, tags, exemptions) => {
    const central = await open();
    await central.deploy({ ...fix, exemptions });
    const bucket = await badBucket(central.account, tags as Record<string, string>);
    const told = async (now: string) => {
      central.clock.goTo(now);
      expect(await central.find(bucket)).toMatchObject({ outcome: 'exempt' });
      return central.told().at(-1) as OutcomeEvent;
    };
    expect(hasToKnow(await told('2026-12-18T00:00:00Z'))).toBe(false);
    const soon = await told('2026-12-18T00:00:01Z');
    expect(hasToKnow(soon)).toBe(true);
    expect(soon).toMatchObject({ until: '2027-01-01T00:00:00.000Z', reason: expect.stringContaining('soon: renew or remove it') });
    expect(messageContentOf(soon, { partition: 'aws', region: 'eu-west-1' }).facts).toContainEqual({
      label: 'Exempt until',
      given: '2027-01-01T00:00:00.000Z',
    });
  });

  it('that could be in tags that can not be read is not approved away', async () => {
    const central = await open();
    await central.deploy({ modes: { default: 'ask' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    const fault = central.emulator.gateway.fail({
      operation: 'GetBucketTagging',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect((await central.trail(remediation)).findLast(({ kind }) => kind === 'approval-refused')).toMatchObject({
      reason: expect.stringContaining("can't override a fact that can't be read: the tags can't be read"),
    });
    expect(await isKept(central.account, bucket)).toBe(false);
    fault.cancel();
  });

  it('is asked about where tags can not be read', async () => {
    const central = await open();
    await central.deploy(fix);
    central.emulator.gateway.fail({ operation: 'GetBucketTagging', account: central.account.account, as: 'access-denied', times: 100 });
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining("the tags can't be read, and may exempt the resource"),
    });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('is what a suppressed finding says whose event was delivered late', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    const event = central.finding(bucket);
    const [found] = event.detail.findings;
    central.emulator.gateway.securityHub.seed(central.account, { ...found, Workflow: { Status: 'SUPPRESSED' } } as never);
    const { results } = await central.send({ ...event, time: new Date(central.clock.now().getTime() - 3_600_000).toISOString() });
    expect(results).toMatchObject([{ outcome: 'suppressed' }]);
  });

  it('is what a suppressed finding says, also while it was put off', async () => {
    const central = await open();
    await central.deploy({ ...fix, freezes: [{ reason: 'sale', from: '2026-11-24T00:00', to: '2026-11-25T00:00' }] });
    const bucket = await badBucket(central.account);
    const event = central.finding(bucket);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'deferred' });

    const client = central.account.client(SecurityHubClient);
    await client.send(new EnableSecurityHubCommand({}));
    const [found] = event.detail.findings;
    await client.send(new BatchImportFindingsCommand({ Findings: [{ ...found, Workflow: { Status: 'SUPPRESSED' } }] as never }));
    const { results } = await central.comeBack();
    expect(results).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});

import { BatchImportFindingsCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { storyOf } from '../../functions/notify/story';
import { hasToKnow } from '../../functions/notify/to-know';
import type { OutcomeEvent } from '../../functions/tell/outcome-schema';
import { badBucket, isKept } from './bucket';
import { alice, approvers, unbounded, useHub } from './hub';

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
      reason: expect.stringContaining('exemptions[0] of web (a public site) holds until 2026-12-31'),
    });
    expect((await hub.last(ending.remediation))?.decision).toContain(
      'exemption: exemptions[0] of web (a public site) holds until 2026-12-31 -> skip',
    );
    expect(await isKept(hub.account, bucket)).toBe(false);

    hub.clock.goTo('2026-12-31T23:59:59Z');
    const soon = await hub.find(bucket);
    expect(soon).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining('which is soon: renew it or let it go') });
    expect((await hub.last(soon.remediation))?.until).toBe('2027-01-01T00:00:00.000Z');
    hub.clock.goTo('2027-01-01T00:00:00Z');
    const over = await hub.find(bucket);
    expect(over).toMatchObject({ outcome: 'fixed' });
    expect((await hub.trail(over.remediation)).flatMap(({ decision = [] }) => decision)).toContain(
      'exemption: exemptions[0] of web (a public site) held until 2026-12-31 and holds no more',
    );
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
    expect(soon).toMatchObject({ until: '2027-01-01T00:00:00.000Z', reason: expect.stringContaining('soon: renew it or let it go') });
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
      reason: expect.stringContaining("the tags can't be read, and could exempt"),
    });
    expect(await isKept(hub.account, bucket)).toBe(false);
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

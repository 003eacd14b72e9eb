import { badBucket, isKept } from './bucket';
import { alice, approvers, bob, type Central, useCentral } from './central';

const { open } = useCentral();
const personalSessions = ['arn:aws:iam::111122223333:role/OnCall'];
const limits = { rule: { hour: 1000, day: 1000 }, account: { hour: 1000, day: 1000 }, all: { hour: 1000, day: 1000 } };
const fix = { modes: { default: 'fix' }, limits };

function changed(central: Central, resourceName: string, event: object = {}): void {
  const { account, region } = central.account;
  const usual = { eventName: 'PutBucketAcl', eventTime: '2026-11-24T11:00:00Z', userIdentity: { arn: bob }, userAgent: 'console' };
  central.emulator.gateway.cloudTrail.record({ account, region, resourceName, event: { ...usual, ...event } });
}

const lookups = ({ emulator, account }: Central) =>
  emulator.gateway.calls.filter((call) => call.account === account.account && call.operation === 'LookupEvents').length;

const bucketsIn = ({ account }: Central, count: number, tags?: Readonly<Record<string, string>>) =>
  Promise.all(Array.from({ length: count }, () => badBucket(account, tags)));

describe('CloudTrail', () => {
  it('is asked once for a fix', async () => {
    const central = await open();
    await central.deploy(fix);
    const [bucket = ''] = await bucketsIn(central, 1);
    changed(central, bucket);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    expect(lookups(central)).toBe(1);
  });

  it.each<[string, object, Readonly<Record<string, string>>, string]>([
    ['in observe mode', { modes: { default: 'observe' } }, {}, 'observed'],
    ['where the tags name the owner', {}, { 'managed-by': 'terraform' }, 'awaiting-approval'],
    ['where the policy fixes what tools own', { ownership: { mode: 'fix' } }, {}, 'fixed'],
    ['for an exempt resource', {}, { 'posture:exempt': 'all until 2027-01-31' }, 'exempt'],
  ])('is not asked %s', async (_, more, tags, outcome) => {
    const central = await open();
    await central.deploy({ ...fix, ...more });
    const [bucket = ''] = await bucketsIn(central, 1, tags);
    changed(central, bucket);
    expect(await central.find(bucket)).toMatchObject({ outcome });
    expect(lookups(central)).toBe(0);
  });

  it('is asked by name for the first five fixes of a burst, and then once for all, of which each shows who changed its bucket', async () => {
    const central = await open();
    await central.deploy(fix);
    const buckets = await bucketsIn(central, 12);
    for (const [index, bucket] of buckets.entries()) changed(central, bucket, index === 7 ? { userAgent: 'Terraform/1.9.8' } : {});
    const results = [];
    for (const bucket of buckets) results.push(await central.find(bucket));
    expect(results.map(({ outcome }) => outcome)).toEqual(buckets.map((_, index) => (index === 7 ? 'awaiting-approval' : 'fixed')));
    expect(results[7]?.reason).toContain('Terraform manages the resource and made the last change: PutBucketAcl');
    expect(lookups(central)).toBe(6);
  });

  it('is asked by name for a bucket of a burst that is not among the latest changes', async () => {
    const central = await open();
    await central.deploy(fix);
    const [old = '', ...others] = await bucketsIn(central, 7);
    for (const bucket of others) changed(central, bucket);
    for (let index = 0; index < 60; index += 1) changed(central, `queue-${index}`);
    changed(central, old, { eventTime: '2026-10-01T08:00:00Z', userAgent: 'Terraform/1.9.8' });
    for (const bucket of others) expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    expect(await central.find(old)).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining('Terraform manages the resource'),
    });
  });

  it('is asked anew before an approval is carried out, whatever a burst has read', async () => {
    const central = await open();
    await central.deploy({ ...fix, modes: { default: 'ask' }, approvals: { approvers, personalSessions } });
    const buckets = await bucketsIn(central, 6);
    const [last = ''] = buckets.slice(-1);
    for (const bucket of buckets) changed(central, bucket, { userIdentity: { arn: 'arn:aws:iam::111122223333:user/carol' } });
    for (const bucket of buckets.slice(0, -1)) await central.find(bucket);
    const { remediation } = await central.find(last);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    changed(central, last, { eventTime: '2026-11-24T11:59:00Z', userIdentity: { arn: alice } });
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect((await central.trail(remediation)).at(-2)).toMatchObject({ kind: 'approval-refused', code: 'own-change' });
    expect(await isKept(central.account, last)).toBe(false);
  });

  it('is asked about what its tags own only where somebody may approve it, who may have changed it', async () => {
    const central = await open();
    await central.deploy({ ...fix, approvals: { approvers, personalSessions } });
    const [bucket = ''] = await bucketsIn(central, 1, { 'managed-by': 'terraform' });
    changed(central, bucket, { userIdentity: { arn: alice } });
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ statusCode: 403, code: 'own-change' });
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('keeps no fix from its end where it answers two lookups per second, and lets none pass that it has not answered', async () => {
    const central = await open();
    await central.deploy(fix);
    const buckets = await bucketsIn(central, 12);
    for (const [index, bucket] of buckets.entries()) changed(central, bucket, index === 3 ? { userAgent: 'Terraform/1.9.8' } : {});
    const { gateway } = central.emulator;
    const ends: string[] = [];
    gateway.limit({ on: true });
    try {
      for (const bucket of buckets) ends.push((await central.find(bucket)).outcome);
    } finally {
      gateway.limit({ on: false });
    }
    expect(ends.filter((end) => !['fixed', 'deferred', 'awaiting-approval'].includes(end))).toEqual([]);
    const isRefused = gateway.calls.some((call) => call.account === central.account.account && call.refused === 'quota');
    expect(isRefused || !ends.includes('deferred')).toBe(true);
    for (let left = ends.filter((end) => end === 'deferred').length; left > 0; ) {
      const { results } = await central.comeBack();
      left -= results.filter(({ outcome }) => outcome !== 'deferred').length;
    }
    const kept = await Promise.all(buckets.map((bucket) => isKept(central.account, bucket)));
    expect(kept).toEqual(buckets.map((_, index) => index !== 3));
  });
});

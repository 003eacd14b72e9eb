import type { ResourceKind, Rule } from '../../rules/rule';
import { badBucket, isKept } from './bucket';
import { bob, type Central, plantedRule, useCentral } from './central';

const { open } = useCentral();
const fix = { modes: { default: 'fix' } };

function changedBy(central: Central, resourceName: string, userAgent: string, more: object = {}): void {
  const { account, region } = central.account;
  const event = { eventName: 'PutBucketAcl', eventTime: '2026-11-24T11:00:00Z', userIdentity: { arn: bob }, userAgent, ...more };
  central.emulator.gateway.cloudTrail.record({ account, region, resourceName, event });
}

describe('what a template owns', () => {
  it('is asked about with the property to change there', async () => {
    const central = await open({ rules: [{ ...plantedRule, property: 'VersioningConfiguration.Status' } as Rule] });
    await central.deploy(fix);
    const result = await central.find(await badBucket(central.account, { 'pulumi:project': 'shop' }));
    expect(result.reason).toContain('manages the resource; change the property VersioningConfiguration.Status there');
  });

  it('is named with its property also where something else asks, as an approval is for both', async () => {
    const central = await open({ rules: [{ ...plantedRule, risk: 'disruptive', property: 'VersioningConfiguration.Status' } as Rule] });
    await central.deploy(fix);
    const { reason } = await central.find(await badBucket(central.account, { 'pulumi:project': 'shop' }));
    expect(reason).toContain(
      'disruptive, and no `fix` clause names this rule or this risk; Pulumi (by the tag pulumi:project) manages the resource; change the property VersioningConfiguration.Status there',
    );
  });

  it('is put off while CloudTrail has no time to answer', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    central.emulator.gateway.fail({ operation: 'LookupEvents', account: central.account.account, as: 'throttle', times: 6 });
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('could not be read at the moment'),
    });
    expect(await isKept(central.account, bucket)).toBe(false);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it.each([
    ['a conventional tag', { 'managed-by': 'terraform' }, 'Terraform (by the tag managed-by) manages the resource'],
    ['a tag of Pulumi', { 'pulumi:project': 'shop' }, 'Pulumi (by the tag pulumi:project) manages the resource'],
    ['a tag of an operator', { 'services.k8s.aws/namespace': 'shop' }, 'AWS Controllers for Kubernetes (by the tag'],
    ['a tag of the policy', { stack: 'live-7' }, 'Our pipeline (by the tag stack) manages the resource'],
  ])('is asked about, by %s', async (_, tags, reason) => {
    const central = await open();
    await central.deploy({ ...fix, ownership: { tags: [{ key: 'stack', value: 'live-*', owner: 'Our pipeline' }] } });
    const bucket = await badBucket(central.account, tags as unknown as Record<string, string>);
    const result = await central.find(bucket);
    expect(result).toMatchObject({ outcome: 'awaiting-approval', reason: expect.stringContaining(reason) });
    expect((await central.last(result.remediation))?.decision?.join('\n')).toContain(reason);
    expect(central.told().at(-1)).toMatchObject({ outcome: 'awaiting-approval', ownedBy: expect.any(String) });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it.each([
    ['Terraform', 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8', 'awaiting-approval'],
    ['CloudFormation', 'cloudformation.amazonaws.com', 'awaiting-approval'],
    ['a person at the console', 'Mozilla/5.0', 'fixed'],
  ])('shows by the last change that CloudTrail has, of %s', async (_, userAgent, outcome) => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    changedBy(central, bucket, userAgent);
    const result = await central.find(bucket);
    expect(result.outcome).toBe(outcome);
    if (outcome === 'awaiting-approval') expect(result.reason).toContain(`PutBucketAcl by ${bob} at 2026-11-24T11:00:00Z`);
  });

  it('shows also where we have changed it since', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    changedBy(central, bucket, 'Terraform/1.9.8');
    const arn = `arn:aws:sts::${central.account.account}:assumed-role/posture-s3-bucket-well-kept/s3-bucket-well-kept`;
    changedBy(central, bucket, 'aws-sdk-js/3.0 posture-remediator', { eventTime: '2026-11-24T11:30:00Z', userIdentity: { arn } });
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining('Terraform manages the resource'),
    });
  });

  it('shows in the region where CloudTrail records the events of a global service', async () => {
    const kind = { ...(plantedRule.resource as ResourceKind), recordedIn: { aws: 'us-east-1' } };
    const central = await open({ rules: [{ ...plantedRule, resource: kind }] });
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    const { account } = central.account;
    const event = {
      eventName: 'PutBucketAcl',
      eventTime: '2026-11-24T11:00:00Z',
      userIdentity: { arn: bob },
      userAgent: 'Terraform/1.9.8',
    };
    central.emulator.gateway.cloudTrail.record({ account, region: 'us-east-1', resourceName: bucket, event });
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining('Terraform manages the resource'),
    });
  });

  it('is not told by reads and by calls that failed', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    changedBy(central, bucket, 'Terraform/1.9.8', { readOnly: true });
    changedBy(central, bucket, 'Terraform/1.9.8', { errorCode: 'AccessDenied' });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it('is asked about where CloudTrail does not tell, and left to whatever the policy says', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    const fault = central.emulator.gateway.fail({
      operation: 'LookupEvents',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining("can't be read from CloudTrail"),
    });
    fault.cancel();
    const owned = await badBucket(central.account, { 'managed-by': 'terraform' });
    await central.deploy({ ...fix, ownership: { mode: 'observe' } });
    expect(await central.find(owned)).toMatchObject({ outcome: 'observed' });
    await central.deploy({ ...fix, ownership: { mode: 'fix' } });
    expect(await central.find(owned)).toMatchObject({ outcome: 'fixed' });
  });
});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findContainments, listContainments } from '../../functions/coordination/containment';
import type { Rule } from '../../rules/rule';
import lockRule from '../../rules/s3/bucket-locked';
import { guardDutyFinding } from '../events/service-finding';
import { badBucket, isKept } from './bucket';
import { alice, approvers, bob, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const locked = lockRule as unknown as Rule;
const responders = ['arn:aws:iam::444455556666:role/Responder'];
const policy = {
  ...unbounded,
  modes: { default: 'fix' },
  approvals: { fourEyes: false, approvers },
  parameters: [{ rules: [locked.id], values: { responders } }],
};
const why = 'an incident';

/** A bucket that a person had locked to responders; `earlier`: a fix of a setting before that. */
async function contained(more: object = {}) {
  const central = await open({ rules: [plantedRule, locked] });
  await central.deploy({ ...policy, ...more });
  const { account, region } = central.account;
  const bucket = await badBucket(central.account);
  const arn = `arn:aws:s3:::${bucket}`;
  const event = guardDutyFinding({ type: 'Impact:S3/MaliciousIPCaller', account, region, resource: { type: 'AWS::S3::Bucket', arn } });
  const lock = async () => {
    const [asked] = (await central.send(event, locked)).results;
    const remediation = asked?.remediation ?? '';
    await central.order({ order: 'approve', remediation }, bob);
    const [done] = await central.delivered();
    expect([done?.outcome, done?.remediation, done?.reason]).toEqual(['fixed', remediation, expect.anything()]);
    return remediation;
  };
  const dynamo = central.account.client(DynamoDBClient);
  const inRecord = () => findContainments(dynamo, 'posture-coordination', arn, central.clock.now());
  const listed = () => listContainments(dynamo, 'posture-coordination', central.clock);
  const release = async (remediation: string) => {
    await central.order({ order: 'rollback', remediation, why }, bob);
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
  };
  /** What comes of the remediation next: the response has schedules of its own. */
  const next = async (remediation: string) => {
    for (let visits = 0; visits < 5; visits += 1) {
      const found = (await central.comeBack()).results.find((one) => one.remediation === remediation);
      if (found) return found.outcome;
    }
    return undefined;
  };
  return { central, bucket, arn, lock, release, inRecord, listed, next };
}

describe('a contained resource', () => {
  it('is in the record with its finding, approver and review, until a person releases it', async () => {
    const { central, arn, lock, release, inRecord, listed } = await contained();
    expect(await listed()).toEqual([]);
    const remediation = await lock();
    const since = central.clock.now().getTime();
    const [one, ...others] = await listed();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ rule: locked.id, remediation, resource: arn, approvedBy: bob, account: central.account.account });
    expect(Math.abs(Date.parse(one?.since ?? '') - since)).toBeLessThan(60_000);
    expect(Date.parse(one?.review ?? '') - Date.parse(one?.since ?? '')).toBe(7 * 86_400_000);
    expect(await inRecord()).toEqual([one]);
    await release(remediation);
    expect([await listed(), await inRecord()]).toEqual([[], []]);
  });

  it.each(['fix', 'ask'])('is not changed by settings in the mode %s, which go on by themselves after the release', async (mode) => {
    const { central, bucket, lock, release, next } = await contained({ modes: { default: mode } });
    const response = await lock();
    const blocked = await central.find(bucket);
    expect(blocked).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining(`${locked.id} contains the resource since`) });
    expect(await central.last(blocked.remediation)).toMatchObject({ code: 'contained', outcome: 'blocked' });
    expect(await next(blocked.remediation)).toBe('blocked');
    expect(await isKept(central.account, bucket)).toBe(false);
    await release(response);
    const after = mode === 'fix' ? 'fixed' : 'awaiting-approval';
    expect(await next(blocked.remediation)).toBe(after);
    expect(await isKept(central.account, bucket)).toBe(mode === 'fix');
  });

  it('is still blocked after more retries than a finding has', async () => {
    const { central, bucket, lock, next } = await contained();
    await lock();
    const { remediation } = await central.find(bucket);
    for (let hour = 0; hour < 35; hour += 1) expect(await next(remediation)).toBe('blocked');
  });

  it('is not asked for an approval, and an approval from before does not change it', async () => {
    const { central, bucket, lock } = await contained({ modes: { default: 'ask' } });
    const { remediation } = await central.find(bucket);
    await lock();
    await central.order({ order: 'approve', remediation }, alice);
    expect(await central.delivered()).toMatchObject([{ outcome: 'blocked', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('is not rolled back to a state before the fix of a setting', async () => {
    const { central, bucket, lock, release } = await contained();
    const { remediation } = await central.find(bucket);
    const response = await lock();
    await central.order({ order: 'rollback', remediation, why }, bob);
    expect(await central.delivered()).toMatchObject([
      { outcome: 'rollback-refused', reason: expect.stringContaining(`posture rollback ${locked.id}/${response} --deployed`) },
    ]);
    expect(await central.last(remediation)).toMatchObject({ code: 'contained' });
    expect(await isKept(central.account, bucket)).toBe(true);
    await release(response);
    await central.order({ order: 'rollback', remediation, why }, bob);
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
  });

  it('whose record is unreadable, or has a form of others, stays as it is', async () => {
    const { central, bucket, lock } = await contained();
    await lock();
    const down = central.emulator.gateway.fail({ service: 'dynamodb', operation: 'BatchGetItem', times: 1000, as: 'access-denied' });
    const result = await central.find(bucket).catch(() => undefined);
    down.cancel();
    expect(result?.outcome).not.toBe('fixed');
    expect(down.met).toBeGreaterThan(0);
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});

describe('the review of a containment', () => {
  const hourly = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

  it('is notified once a day when it is due, and releases nothing', async () => {
    const { central, lock, listed, release } = await contained({ responses: { reviewDays: 2 } });
    const remediation = await lock();
    const check = () => central.control(hourly, 'hourly');
    const reminders = () => central.told().filter(({ outcome }) => outcome === 'review-due');
    expect(await check()).toMatchObject({ reviewsDue: 0 });
    await central.clock.sleep(2 * 86_400_000);
    expect(await check()).toMatchObject({ reviewsDue: 1 });
    expect(await check()).toMatchObject({ reviewsDue: 1 });
    expect(reminders()).toMatchObject([
      { remediation, rule: { id: locked.id }, reason: expect.stringContaining(`posture rollback ${locked.id}/${remediation} --deployed`) },
    ]);
    expect(await listed()).toHaveLength(1);
    await central.clock.sleep(86_400_000);
    await check();
    expect(reminders()).toHaveLength(2);
    await release(remediation);
    expect(await check()).toMatchObject({ reviewsDue: 0 });
  });
});

import { badBucket, isKept } from './bucket';
import { alice, approvers, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };

describe('a limit', () => {
  it('puts off what is beyond it until the next hour', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 2 } } });
    const outcomes: string[] = [];
    for (let count = 0; count < 3; count += 1) outcomes.push((await central.find(await badBucket(central.account))).outcome);
    expect(outcomes).toEqual(['fixed', 'fixed', 'deferred']);
    const { at, results } = await central.comeBack();
    expect(at.toISOString()).toMatch(/^2026-11-24T13:0[0-4]/);
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('holds for a day', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { account: { day: 1 } } });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
    central.clock.pass(3 * 3600);
    expect(await central.find(await badBucket(central.account))).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('1 of 1 changes this day in this account: limit reached'),
    });
    const { at, results } = await central.comeBack();
    expect(at.toISOString()).toMatch(/^2026-11-25T00:0[0-4]/);
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('asks for what is beyond it where the policy says so, and an approval goes beyond', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { all: { hour: 0 }, beyond: 'ask' }, approvals: { approvers, fourEyes: false } });
    const bucket = await badBucket(central.account);
    const { outcome, remediation, reason } = await central.find(bucket);
    expect([outcome, reason]).toEqual(['awaiting-approval', expect.stringContaining('0 of 0 changes this hour in total: limit reached')]);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('puts off what is beyond it without asking CloudTrail', async () => {
    const central = await open();
    await central.deploy({ modes: { default: 'fix' }, limits: { rule: { hour: 0 } } });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'deferred' });
    expect(central.emulator.gateway.calls.filter(({ operation }) => operation === 'LookupEvents')).toEqual([]);
  });

  it('counts what failed, too: the call was made', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    central.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: central.account.account, as: 'access-denied', times: 1 });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'failed' });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'deferred' });
  });

  it('does not count what changed nothing', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'already-compliant' });
    await central.deploy({ ...fix, limits: { rule: { hour: 2 } } });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  });
});

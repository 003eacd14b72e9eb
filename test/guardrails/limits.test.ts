import { badBucket, isKept } from './bucket';
import { alice, approvers, unbounded, useHub } from './central';

const { open } = useHub();
const fix = { ...unbounded, modes: { default: 'fix' } };

describe('a limit', () => {
  it('puts off what is beyond it until the next hour', async () => {
    const hub = await open();
    await hub.deploy({ ...fix, limits: { rule: { hour: 2 } } });
    const outcomes: string[] = [];
    for (let count = 0; count < 3; count += 1) outcomes.push((await hub.find(await badBucket(hub.account))).outcome);
    expect(outcomes).toEqual(['fixed', 'fixed', 'deferred']);
    const { at, endings } = await hub.comeBack();
    expect(at.toISOString()).toMatch(/^2026-11-24T13:0[0-4]/);
    expect(endings).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('holds for a day', async () => {
    const hub = await open();
    await hub.deploy({ ...fix, limits: { account: { day: 1 } } });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
    hub.clock.pass(3 * 3600);
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('1 of 1 changes this day in this account: limit reached'),
    });
    const { at, endings } = await hub.comeBack();
    expect(at.toISOString()).toMatch(/^2026-11-25T00:0[0-4]/);
    expect(endings).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('asks for what is beyond it where the policy says so, and an approval goes beyond', async () => {
    const hub = await open();
    await hub.deploy({ ...fix, limits: { all: { hour: 0 }, beyond: 'ask' }, approvals: { approvers, fourEyes: false } });
    const bucket = await badBucket(hub.account);
    const { outcome, remediation, reason } = await hub.find(bucket);
    expect([outcome, reason]).toEqual(['asked', expect.stringContaining('0 of 0 changes this hour in total: limit reached')]);
    expect(await hub.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(hub.account, bucket)).toBe(true);
  });

  it('puts off what is beyond it without asking CloudTrail', async () => {
    const hub = await open();
    await hub.deploy({ modes: { default: 'fix' }, limits: { rule: { hour: 0 } } });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'deferred' });
    expect(hub.emulator.gateway.calls.filter(({ operation }) => operation === 'LookupEvents')).toEqual([]);
  });

  it('counts what failed, too: the call was made', async () => {
    const hub = await open();
    await hub.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    hub.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: hub.account.account, as: 'access-denied', times: 1 });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'failed' });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'deferred' });
  });

  it('does not count what changed nothing', async () => {
    const hub = await open();
    await hub.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    const bucket = await badBucket(hub.account);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'already-compliant' });
    await hub.deploy({ ...fix, limits: { rule: { hour: 2 } } });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
  });
});

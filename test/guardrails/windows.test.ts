import type { ResourceKind } from '../../rules/rule';
import { badBucket, isKept } from './bucket';
import { plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };
const night = { name: 'nights', opens: '0 22 * * *', hours: 4, timeZone: 'Europe/Berlin' };

describe('a change window', () => {
  it('puts the fix off, and the finding comes back by itself when it opens', async () => {
    const central = await open({ start: '2026-11-24T12:00:00Z' });
    await central.deploy({ ...fix, windows: [night] });
    const bucket = await badBucket(central.account);
    const result = await central.find(bucket);
    expect(result).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('nights: closed, opens at 2026-11-24T21:00:00.000Z'),
    });
    expect((await central.last(result.remediation))?.decision).toContain(
      'window: nights: closed, opens at 2026-11-24T21:00:00.000Z -> defer',
    );
    expect(central.told()).toMatchObject([{ outcome: 'deferred', deferredBy: ['window'] }]);
    expect(await isKept(central.account, bucket)).toBe(false);

    const { at, results } = await central.comeBack();
    expect(at.getTime()).toBeGreaterThanOrEqual(Date.parse('2026-11-24T21:00:00Z'));
    expect(at.getTime()).toBeLessThan(Date.parse('2026-11-24T21:05:00Z'));
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(central.account, bucket)).toBe(true);
    expect(await central.schedules.list()).toEqual([]);
  });

  it('has the function come back to it as the role of its schedules may invoke it, whichever version was invoked by name', async () => {
    const central = await open({ start: '2026-11-24T12:00:00Z' });
    await central.deploy({ ...fix, windows: [night] });
    await central.send(central.finding(await badBucket(central.account)), plantedRule, '$LATEST');
    const { account, region } = central.account;
    expect(await central.schedules.list()).toMatchObject([
      { target: `arn:aws:lambda:${region}:${account}:function:posture-rule-${plantedRule.id}` },
    ]);
  });

  it.each([
    ['winter', '2026-03-28T12:00:00Z', '2026-03-28T21:00:00.000Z'],
    ['summer', '2026-03-29T12:00:00Z', '2026-03-29T20:00:00.000Z'],
  ])('opens by the clock on the wall, in %s', async (_, start, opens) => {
    const central = await open({ start });
    await central.deploy({ ...fix, windows: [night] });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ reason: expect.stringContaining(`opens at ${opens}`) });
  });

  it('opens on the day on which the clocks skip its hour, and only once where they repeat it', async () => {
    const early = { name: 'early', opens: '30 2 * * *', hours: 0.25, timeZone: 'Europe/Berlin' };
    const central = await open({ start: '2026-03-29T00:00:00Z' });
    await central.deploy({ ...fix, windows: [early] });
    await central.find(await badBucket(central.account));
    const { at } = await central.comeBack();
    expect(at.toISOString().slice(0, 15)).toMatch(/^2026-03-29T0[01]:/);

    central.clock.goTo('2026-10-25T01:31:00Z');
    const second = await central.find(await badBucket(central.account));
    expect(second.outcome).toBe('deferred');
  });

  it('lets a finding in that comes while it is open', async () => {
    const central = await open({ start: '2026-11-24T22:30:00Z' });
    await central.deploy({ ...fix, windows: [night] });
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  });

  it('holds an approved plan until it opens', async () => {
    const { approvers, alice } = await import('./central');
    const central = await open();
    await central.deploy({
      modes: { default: 'ask' },
      windows: [night],
      ownership: { lastChange: false },
      approvals: { approvers, fourEyes: false },
    });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'deferred', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(false);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
  });
});

describe('a freeze', () => {
  it('puts off the settings of each region of an account, though they have one ARN', async () => {
    const kind = { ...(plantedRule.resource as ResourceKind), scope: 'regional' } as const;
    const central = await open({ rules: [{ ...plantedRule, resource: kind }] });
    await central.deploy({ ...fix, freezes: [{ reason: 'sale', from: '2026-11-24T00:00', to: '2026-11-25T00:00' }] });
    const bucket = await badBucket(central.account);
    for (const region of ['eu-west-1', 'us-east-1']) {
      expect(await central.find(bucket, { region })).toMatchObject({ outcome: 'deferred' });
      expect(await central.find(bucket, { region })).toMatchObject({ outcome: 'deferred' });
    }
    expect(await central.schedules.list()).toHaveLength(2);
  });

  it('holds over an open window, and the finding comes back when it is over', async () => {
    const central = await open({ start: '2026-12-20T22:00:00Z' });
    const freeze = { reason: 'end of year', from: '2026-12-20T00:00', to: '2027-01-02T00:00', timeZone: 'America/New_York' };
    await central.deploy({ ...fix, freezes: [freeze] });
    const bucket = await badBucket(central.account);
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('end of year, until 2027-01-02T05:00:00.000Z'),
    });
    const { at, results } = await central.comeBack();
    expect(at.toISOString()).toMatch(/^2027-01-02T05:0[0-4]/);
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
  });
});

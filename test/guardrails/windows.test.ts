import type { ResourceKind } from '../../rules/rule';
import { badBucket, isKept } from './bucket';
import { plantedRule, unbounded, useHub } from './central';

const { open } = useHub();
const fix = { ...unbounded, modes: { default: 'fix' } };
const night = { name: 'nights', opens: '0 22 * * *', hours: 4, timeZone: 'Europe/Berlin' };

describe('a change window', () => {
  it('puts the fix off, and the finding comes back by itself when it opens', async () => {
    const hub = await open({ start: '2026-11-24T12:00:00Z' });
    await hub.deploy({ ...fix, windows: [night] });
    const bucket = await badBucket(hub.account);
    const ending = await hub.find(bucket);
    expect(ending).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('nights: closed, opens at 2026-11-24T21:00:00.000Z'),
    });
    expect((await hub.last(ending.remediation))?.decision).toContain('window: nights: closed, opens at 2026-11-24T21:00:00.000Z -> defer');
    expect(hub.told()).toMatchObject([{ outcome: 'deferred', deferredBy: ['window'] }]);
    expect(await isKept(hub.account, bucket)).toBe(false);

    const { at, endings } = await hub.comeBack();
    expect(at.getTime()).toBeGreaterThanOrEqual(Date.parse('2026-11-24T21:00:00Z'));
    expect(at.getTime()).toBeLessThan(Date.parse('2026-11-24T21:05:00Z'));
    expect(endings).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(hub.account, bucket)).toBe(true);
    expect(await hub.schedules.list()).toEqual([]);
  });

  it('has the function come back to it as the role of its schedules may invoke it, whichever version was invoked by name', async () => {
    const hub = await open({ start: '2026-11-24T12:00:00Z' });
    await hub.deploy({ ...fix, windows: [night] });
    await hub.send(hub.finding(await badBucket(hub.account)), plantedRule, '$LATEST');
    const { account, region } = hub.account;
    expect(await hub.schedules.list()).toMatchObject([
      { target: `arn:aws:lambda:${region}:${account}:function:posture-${plantedRule.id}` },
    ]);
  });

  it.each([
    ['winter', '2026-03-28T12:00:00Z', '2026-03-28T21:00:00.000Z'],
    ['summer', '2026-03-29T12:00:00Z', '2026-03-29T20:00:00.000Z'],
  ])('opens by the clock on the wall, in %s', async (_, start, opens) => {
    const hub = await open({ start });
    await hub.deploy({ ...fix, windows: [night] });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ reason: expect.stringContaining(`opens at ${opens}`) });
  });

  it('opens on the day on which the clocks skip its hour, and only once where they repeat it', async () => {
    const early = { name: 'early', opens: '30 2 * * *', hours: 0.25, timeZone: 'Europe/Berlin' };
    const hub = await open({ start: '2026-03-29T00:00:00Z' });
    await hub.deploy({ ...fix, windows: [early] });
    await hub.find(await badBucket(hub.account));
    const { at } = await hub.comeBack();
    expect(at.toISOString().slice(0, 15)).toMatch(/^2026-03-29T0[01]:/);

    hub.clock.goTo('2026-10-25T01:31:00Z');
    const second = await hub.find(await badBucket(hub.account));
    expect(second.outcome).toBe('deferred');
  });

  it('lets a finding in that comes while it is open', async () => {
    const hub = await open({ start: '2026-11-24T22:30:00Z' });
    await hub.deploy({ ...fix, windows: [night] });
    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
  });

  it('holds an approved plan until it opens', async () => {
    const { approvers, alice } = await import('./central');
    const hub = await open();
    await hub.deploy({
      modes: { default: 'ask' },
      windows: [night],
      ownership: { lastChange: false },
      approvals: { approvers, fourEyes: false },
    });
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    expect(await hub.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'deferred', remediation }]);
    expect(await isKept(hub.account, bucket)).toBe(false);
    expect((await hub.comeBack()).endings).toMatchObject([{ outcome: 'fixed', remediation }]);
  });
});

describe('a freeze', () => {
  it('puts off the settings of each region of an account, though they have one ARN', async () => {
    const kind = { ...(plantedRule.resource as ResourceKind), scope: 'regional' } as const;
    const hub = await open({ rules: [{ ...plantedRule, resource: kind }] });
    await hub.deploy({ ...fix, freezes: [{ reason: 'sale', from: '2026-11-24T00:00', to: '2026-11-25T00:00' }] });
    const bucket = await badBucket(hub.account);
    for (const region of ['eu-west-1', 'us-east-1']) {
      expect(await hub.find(bucket, { region })).toMatchObject({ outcome: 'deferred' });
      expect(await hub.find(bucket, { region })).toMatchObject({ outcome: 'deferred' });
    }
    expect(await hub.schedules.list()).toHaveLength(2);
  });

  it('holds over an open window, and the finding comes back when it is over', async () => {
    const hub = await open({ start: '2026-12-20T22:00:00Z' });
    const freeze = { reason: 'end of year', from: '2026-12-20T00:00', to: '2027-01-02T00:00', timeZone: 'America/New_York' };
    await hub.deploy({ ...fix, freezes: [freeze] });
    const bucket = await badBucket(hub.account);
    expect(await hub.find(bucket)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('end of year, until 2027-01-02T05:00:00.000Z'),
    });
    const { at, endings } = await hub.comeBack();
    expect(at.toISOString()).toMatch(/^2027-01-02T05:0[0-4]/);
    expect(endings).toMatchObject([{ outcome: 'fixed' }]);
  });
});

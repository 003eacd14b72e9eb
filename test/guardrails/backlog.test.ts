import { badBucket, isKept } from './bucket';
import { alice, approvers, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };

describe('a backlog under a limit', () => {
  it('ends when its turns have come: one remediation a finding, one event and one schedule a try', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 4 } } });
    const buckets = await Promise.all(Array.from({ length: 18 }, () => badBucket(central.account)));
    const first = await Promise.all(buckets.map((bucket) => central.find(bucket)));
    expect(first.filter(({ outcome }) => outcome === 'fixed')).toHaveLength(4);
    let tries = first.length;
    let last = central.clock.now();
    const remediations = new Set(first.map(({ remediation }) => remediation));
    while ((await central.schedules.list()).length > 0) {
      const { at, results } = await central.comeBack();
      tries += results.length;
      last = at;
      for (const { remediation } of results) expect(remediations.has(remediation)).toBe(true);
    }
    expect(tries).toBe(18 + 14);
    expect(last.toISOString()).toMatch(/^2026-11-24T16:/);
    expect(await Promise.all(buckets.map((bucket) => isKept(central.account, bucket)))).toEqual(buckets.map(() => true));
    const waited = first.find(({ outcome }) => outcome === 'deferred');
    expect((await central.trail(waited?.remediation ?? '')).map(({ kind }) => kind)).toEqual(['deferred', 'planned', 'verified']);
  });

  it('does not grow by further reports of the same finding', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    await central.find(await badBucket(central.account));
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    const told = central.told().length;
    central.clock.pass(60);
    expect(await central.find(bucket)).toMatchObject({
      outcome: 'deferred',
      remediation,
      reason: expect.stringMatching(/^It waits until 2026-11-24T13:0/),
    });
    expect(await central.schedules.list()).toHaveLength(1);
    expect(central.told()).toHaveLength(told);
    expect((await central.trail(remediation)).map(({ kind }) => kind)).toEqual(['deferred']);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('is not refused at its turn where the worker died between the schedule and the log', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    await central.find(await badBucket(central.account));
    const bucket = await badBucket(central.account);
    const unwritten = (['ExecuteTransaction', 'ExecuteStatement'] as const).map((operation) =>
      central.emulator.gateway.fail({ operation, account: central.account.account, times: Number.POSITIVE_INFINITY, as: 'access-denied' }),
    );
    await expect(central.find(bucket)).rejects.toThrow();
    for (const fault of unwritten) fault.cancel();
    // Lambda delivers the event again.
    const { remediation } = await central.find(bucket);
    expect(await central.schedules.list()).toHaveLength(2);
    const { results } = await central.comeBack();
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
    expect((await central.trail(results[0]?.remediation ?? '')).map(({ kind }) => kind)).toEqual(['planned', 'verified']);
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'already-compliant', remediation }]);
    expect(central.metrics().filter(({ RefusedRequests }) => RefusedRequests !== undefined)).toEqual([]);
  });

  it('is not counted twice where a turn is delivered twice, and a turn after the end is none while the detector is to be asked', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    await central.find(await badBucket(central.account));
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    const [schedule] = await central.schedules.list();
    const message: unknown = JSON.parse(schedule?.input ?? '');
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
    const { results } = await central.send(message);
    expect(results).toMatchObject([{ outcome: 'already-compliant' }]);
    expect(results[0]?.remediation).toBe(remediation);
    expect((await central.trail(remediation)).at(-1)).toMatchObject({ outcome: 'fixed' });
  });

  it('asks at its turn as a new finding would, and claims no approval', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 1 } }, approvals: { approvers, fourEyes: false } });
    await central.find(await badBucket(central.account));
    const { remediation } = await central.find(await badBucket(central.account));
    await central.deploy({
      ...unbounded,
      modes: { default: 'ask' },
      limits: { rule: { hour: 1 } },
      approvals: { approvers, fourEyes: false },
    });
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'awaiting-approval', remediation }]);
    expect((await central.trail(remediation)).map(({ kind }) => kind)).toEqual(['deferred', 'approval-requested']);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('is asked about again within two hours where the limit is no changes at all', async () => {
    const central = await open();
    await central.deploy({ ...fix, limits: { rule: { hour: 0 } } });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    await central.deploy({ ...fix, limits: { rule: { hour: 1 } } });
    const { at, results } = await central.comeBack();
    expect(results).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(at.getTime()).toBeLessThan(Date.parse('2026-11-24T14:00:00Z'));
  });
});

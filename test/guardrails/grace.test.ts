import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { hasToKnow } from '../../functions/outcomes/to-know';
import { badBucket, isKept } from './bucket';
import { unbounded, useCentral } from './central';

const { open } = useCentral();
const policy = { ...unbounded, modes: { default: 'fix' }, grace: [{ hours: 24 }, { hours: 48, tags: { stage: 'live' } }] };

describe('the time that an owner has', () => {
  it('is told at once with its end, and then the fix comes by itself', async () => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account);
    const detected = central.clock.now().getTime();
    const result = await central.find(bucket);
    const deadline = new Date(detected + 24 * 3_600_000);
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(`until ${deadline.toISOString()}`) });
    const told = central.told().at(-1) as OutcomeEvent;
    expect(told).toMatchObject({ outcome: 'deferred', deferredBy: ['grace'], reason: expect.stringContaining(deadline.toISOString()) });
    expect(hasToKnow(told)).toBe(true);
    expect(await isKept(central.account, bucket)).toBe(false);

    const { at, results } = await central.comeBack();
    expect(at.getTime()).toBeGreaterThanOrEqual(deadline.getTime() - 1000);
    expect(at.getTime()).toBeLessThan(deadline.getTime() + 300_000);
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('counts from the detection, is the longest that fits, and comes once for the same finding', async () => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account, { stage: 'live' });
    const firstObservedAt = '2026-11-23T12:00:00.000Z';
    expect(await central.find(bucket, { firstObservedAt })).toMatchObject({
      reason: expect.stringContaining('until 2026-11-25T12:00:00.000Z'),
    });
    await central.find(bucket, { firstObservedAt });
    expect(await central.schedules.list()).toMatchObject([{ undelivered: expect.stringMatching(/:posture-undelivered$/) }]);
    expect(await central.find(await badBucket(central.account), { firstObservedAt: '2026-11-22T00:00:00.000Z' })).toMatchObject({
      outcome: 'fixed',
    });
  });
});

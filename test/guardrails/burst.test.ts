import { badBucket, isKept } from './bucket';
import { type Central, unbounded, useCentral } from './central';

const { open } = useCentral();
const many = 200;
const most = 10;

describe('200 simultaneous findings against a limit of 10 an hour', () => {
  it('change exactly 10, put 190 off, lose none, and are all in the log; an hour later 10 more', async () => {
    const central = await open();
    await central.deploy({ ...unbounded, modes: { default: 'fix' }, limits: { rule: { hour: most } } });
    const buckets = await Promise.all(Array.from({ length: many }, () => badBucket(central.account)));
    const results = await Promise.all(buckets.map((bucket) => central.find(bucket)));

    const ends = (outcome: string) => results.filter((one) => one.outcome === outcome);
    expect([ends('fixed').length, ends('deferred').length]).toEqual([most, many - most]);
    expect(await kept(central, buckets)).toBe(most);
    expect(new Set(results.map(({ remediation }) => remediation)).size).toBe(many);
    const trails = await Promise.all(results.map(({ remediation }) => central.trail(remediation)));
    expect(trails.filter((events) => events.at(-1)?.outcome === 'fixed')).toHaveLength(most);
    expect(trails.filter((events) => events.at(-1)?.outcome === 'deferred')).toHaveLength(many - most);
    expect(await central.schedules.list()).toHaveLength(many - most);

    central.clock.goTo('2026-11-24T13:59:00Z');
    const again = await central.due();
    expect(again.map(({ outcome }) => outcome)).toEqual(Array.from({ length: most }, () => 'fixed'));
    expect(await kept(central, buckets)).toBe(2 * most);
    expect(await central.schedules.list()).toHaveLength(many - 2 * most);
  });
});

async function kept({ account }: Central, buckets: readonly string[]): Promise<number> {
  const all = await Promise.all(buckets.map((bucket) => isKept(account, bucket)));
  return all.filter(Boolean).length;
}

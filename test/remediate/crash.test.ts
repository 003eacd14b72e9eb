import { findBreaks } from '../../functions/log/chain';
import type { Ports } from '../../functions/remediate/ports';
import { rollback } from '../../functions/rollback/rollback';
import type { Bench } from '../contract/bench';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();

/** More than the steps of the whole path: the last runs come to their end, and the test sees that they do. */
const most = 44;

describe('a worker that dies', () => {
  const reached: number[] = [];

  it.each(Array.from({ length: most }, (_, index) => index + 1))(
    'after step %i leaves nothing that the next delivery does not put right',
    async (steps) => {
      const world = await bench.world();
      const { finding, resource } = bench.finding(world, await badBucket(world));
      const before = await bench.rule.inspect(resource, bench.connect(resource));

      const life = mortal(bench, steps);
      await bench.handle(finding, fix, life.ports).catch((error: Error) => expect(error.message).toBe('dead'));
      reached.push(life.taken());
      await bench.clock.sleep(200_000);

      const told: string[] = [];
      const result = await bench.handle(finding, fix, { notifySource: async (_finding, remediation) => void told.push(remediation) });
      expect(['fixed', 'already-compliant']).toContain(result.outcome);
      if (result.outcome === 'fixed') expect(told).toEqual([result.remediation]);
      else expect(life.finished()).toBe(true);
      expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual({ versioned: true, blocked: true, owned: true });
      if (result.outcome !== 'fixed') return;

      const events = await bench.log.read(result.remediation);
      expect(findBreaks(events)).toEqual([]);
      expect(events.at(-1)).toMatchObject({ kind: 'verified', outcome: 'fixed', before });
      expect(await rollback({ remediation: result.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
        outcome: 'rolled-back',
      });
      expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual(before);
    },
  );

  it('was killed at every step there is', () => {
    const all = Math.max(...reached);
    expect(all).toBeLessThan(most);
    expect(new Set(reached)).toEqual(new Set(Array.from({ length: all }, (_, index) => index + 1)));
  });
});

const dead = async () => {
  throw new Error('dead');
};
const busy = async () => {
  throw Object.assign(new Error('busy'), { name: 'ThrottlingException' });
};

it('a worker that AWS was too busy for before it intended anything does not hide the intent of the next one, which died', async () => {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  const before = await bench.rule.inspect(resource, bench.connect(resource));

  await expect(bench.handle(finding, fix, { connect: () => ({ send: busy }) })).rejects.toThrow('busy');
  const leases = {
    ...bench.leases,
    async acquire(request: Parameters<typeof bench.leases.acquire>[0]) {
      const lease = await bench.leases.acquire(request);
      return 'heldBy' in lease ? lease : { ...lease, release: dead };
    },
  };
  let planned = '';
  const log = {
    ...bench.log,
    async append(events: Parameters<typeof bench.log.append>[0]) {
      if (planned !== '') return dead();
      planned = events[0]?.remediation ?? '';
      return bench.log.append(events);
    },
  };
  await expect(bench.handle(finding, fix, { leases, log })).rejects.toThrow('dead');
  await bench.clock.sleep(200_000);

  expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed', remediation: planned });
  const events = await bench.log.read(planned);
  expect(findBreaks(events)).toEqual([]);
  expect(events.at(-1)).toMatchObject({ kind: 'verified', outcome: 'fixed', before });
  expect(await rollback({ remediation: planned, force: false }, bench.rollbackTools(resource))).toMatchObject({ outcome: 'rolled-back' });
  expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual(before);
});

it('a finding that waited for a worker, which died after its fix, ends in the log', async () => {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  const leases = {
    ...bench.leases,
    async acquire(request: Parameters<typeof bench.leases.acquire>[0]) {
      const lease = await bench.leases.acquire(request);
      return 'heldBy' in lease ? lease : { ...lease, release: dead };
    },
  };
  const { openRemediations } = bench;
  const dying = {
    leases,
    openRemediations: {
      find: (...key: Parameters<typeof openRemediations.find>) => openRemediations.find(...key),
      put: (item: Parameters<typeof openRemediations.put>[0]) => openRemediations.put(item),
      remove: dead,
    },
  };
  const told: string[] = [];
  const notifySource = async (_: unknown, remediation: string) => void told.push(remediation);
  await expect(bench.handle(finding, fix, { ...dying, notifySource })).rejects.toThrow('dead');
  bench.scheduled.length = 0;
  expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'deferred' });
  await bench.clock.sleep(200_000);
  const { finding: again, ...attempt } = bench.scheduled[0]?.again ?? { finding, number: 0 };

  const result = await bench.handle(again, fix, { notifySource }, attempt);
  expect(result).toMatchObject({ outcome: 'already-compliant', reason: expect.stringContaining(told[0] ?? 'a remediation') });
  expect((await bench.log.read(result.remediation)).map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ['deferred', 'deferred'],
    ['skipped', 'already-compliant'],
  ]);
  expect(await openRemediations.find(bench.rule.id, resource.arn)).toBeUndefined();
});

/** Tools of a worker that lives for so many steps: after that, whatever it asks for fails, and nothing it leaves is tidied. */
function mortal(
  { connect, log, leases, openRemediations }: Bench,
  steps: number,
): { ports: Partial<Ports>; taken: () => number; finished: () => boolean } {
  let taken = 0;
  let told = false;
  const live = async <Result>(step: () => Promise<Result>): Promise<Result> => {
    if (taken >= steps) throw new Error('dead');
    taken += 1;
    const result = await step();
    if (taken >= steps) throw new Error('dead');
    return result;
  };
  return {
    taken: () => taken,
    finished: () => told,
    ports: {
      connect(place) {
        const aws = connect(place as never);
        return { send: (command) => live(() => aws.send(command)) };
      },
      log: { append: (events) => live(() => log.append(events)), read: (remediation) => live(() => log.read(remediation)) },
      leases: {
        quiet: (resource) => live(() => leases.quiet(resource)),
        acquire: (request) =>
          live(async () => {
            const lease = await leases.acquire(request);
            return 'heldBy' in lease ? lease : { ...lease, release: () => live(() => lease.release()) };
          }),
      },
      openRemediations: {
        find: (rule, resource) => live(() => openRemediations.find(rule, resource)),
        put: (item) => live(() => openRemediations.put(item)),
        remove: (item) => live(() => openRemediations.remove(item)),
      },
      async notifySource() {
        await live(async () => {
          told = true;
        });
      },
    },
  };
}

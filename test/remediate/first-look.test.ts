import type { Lease } from '../../functions/coordination/lease';
import { leaseKey } from '../../functions/coordination/lease-key';
import type { OpenItem } from '../../functions/coordination/open-remediation';
import type { Ports } from '../../functions/remediate/ports';
import type { Aws, AwsCommand, Resource } from '../../rules/rule';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();

/** The rule's connection, which notes its reads of the resource; `onRead` comes before each. */
const noting = (onRead: () => void): Pick<Ports, 'connect'> => ({
  connect(place: object): Aws {
    const aws = bench.connect(place as never);
    return {
      send: ((command: AwsCommand) => {
        if (command.constructor.name === 'GetBucketVersioningCommand') onRead();
        return aws.send(command);
      }) as Aws['send'],
    };
  },
});

/** The ports of a worker that notes what it does in order; `beforeLease` comes before it acquires the lease, and the look has to have begun then. */
function watched(resource: Resource, order: string[], beforeLease: () => Promise<void> = async () => {}): Partial<Ports> {
  const { leases, openRemediations } = bench;
  const { store } = bench.rollbackTools(resource);
  return {
    ...noting(() => order.push('look')),
    leases: {
      quiet: (resource) => leases.quiet(resource),
      async acquire(request) {
        await beforeLease();
        const lease = await leases.acquire(request);
        order.push('lease');
        return lease;
      },
    },
    openRemediations: {
      ...openRemediations,
      find(...key) {
        order.push('open');
        return openRemediations.find(...key);
      },
    },
    store: {
      ...store,
      read(about) {
        order.push('recorded');
        return store.read(about);
      },
    },
  };
}

const take = async (resource: Resource): Promise<Lease> => {
  const lease = await bench.leases.acquire({ resource: leaseKey(bench.rule, resource), rule: 'another-rule', seconds: 60 });
  if ('heldBy' in lease) throw new Error('held');
  return lease;
};

const openItem = (finding: Parameters<typeof bench.handle>[0], resource: Resource, remediation: string): OpenItem => ({
  rule: bench.rule.id,
  resource: leaseKey(bench.rule, resource),
  remediation,
  detectedBy: finding.detectedBy,
  since: bench.clock.now().toISOString(),
  message: { finding: { ...finding, resource: { type: resource.type, reported: { arn: resource.arn } } }, number: 0 } as never,
});

describe('the first look', () => {
  it('begins while the lease is acquired, if nobody held it lately, and nothing is read twice', async () => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    const order: string[] = [];
    let look: () => void = () => {};
    const looked = new Promise<void>((resolve) => {
      look = resolve;
    });
    const ports = { ...watched(resource, order, () => looked), ...noting(() => [order.push('look'), look()]) };
    expect(await bench.handle(finding, fix, ports)).toMatchObject({ outcome: 'fixed' });
    expect(order.slice(0, 3)).toEqual(['recorded', 'look', 'lease']);
    expect(order.filter((step) => step === 'recorded' || step === 'open')).toEqual(['recorded']);
  });

  it('is under the lease after somebody held it', async () => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    await (await take(resource)).release();
    const order: string[] = [];
    expect(await bench.handle(finding, fix, watched(resource, order))).toMatchObject({ outcome: 'fixed' });
    expect(order.filter((step) => step !== 'recorded').slice(0, 2)).toEqual(['lease', 'open']);
    expect(order.indexOf('look')).toBeGreaterThan(order.indexOf('lease'));
  });

  it.each([
    ['held and released the lease', true],
    ['held the lease until it expired', false],
  ])('is made again, with all that is recorded, if another worker %s in between', async (_, isReleased) => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    const order: string[] = [];
    const open = openItem(finding, resource, '01JDZZZZZZZZZZZZZZZZZZZZZZ');
    const ports = watched(resource, order, async () => {
      const lease = await take(resource);
      await bench.openRemediations.put(open);
      if (isReleased) await lease.release();
      else await bench.clock.sleep(61_000);
    });
    // What it names was never planned, so it ends, and the finding is handled in its place.
    expect(await bench.handle(finding, fix, ports)).toMatchObject({ outcome: 'fixed' });
    expect(order.filter((step) => step !== 'look').slice(0, 4)).toEqual(['recorded', 'lease', 'open', 'recorded']);
    expect(await bench.openRemediations.find(bench.rule.id, open.resource)).toBeUndefined();
  });
});

describe('a lease that was read', () => {
  const resourceOf = (name: string) => ({
    type: 'AWS::S3::Bucket',
    arn: `arn:aws:s3:::${name}`,
    account: '111122223333',
    region: 'eu-west-1',
  });
  const of = (name: string) => leaseKey(bench.rule, resourceOf(name) as Resource);
  const acquire = async (name: string, quiet: Awaited<ReturnType<typeof bench.leases.quiet>>) => {
    const lease = await bench.leases.acquire({ resource: of(name), rule: 'a-rule', seconds: 60, quiet });
    if ('heldBy' in lease) throw new Error('held');
    return lease;
  };

  it('is quiet if it never was held, or was released before', async () => {
    const never = await bench.leases.quiet(of('quiet'));
    expect(never).toEqual({ released: '' });
    const first = await acquire('quiet', never);
    expect(first.isFirst).toBe(true);
    expect(await bench.leases.quiet(of('quiet'))).toBeUndefined();
    await first.release();
    // Whoever released it may have written between two reads of the same call.
    expect(await bench.leases.quiet(of('quiet'))).toBeUndefined();
    await bench.clock.sleep(11_000);
    const later = await bench.leases.quiet(of('quiet'));
    expect(later).toBeDefined();
    expect((await acquire('quiet', later)).isFirst).toBe(true);
    // Who died with it may still write.
    await bench.clock.sleep(300_000);
    expect(await bench.leases.quiet(of('quiet'))).toBeUndefined();
  });

  it('proves nothing without quiet, or if its answer was lost', async () => {
    expect((await acquire('unread', undefined)).isFirst).toBe(false);
    const quiet = await bench.leases.quiet(of('lost'));
    bench.gateway.fail({ service: 'dynamodb', operation: 'UpdateItem', as: 'drop-answer' });
    expect((await acquire('lost', quiet)).isFirst).toBe(false);
  });
});

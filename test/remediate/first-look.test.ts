import type { Ports } from '../../functions/remediate/ports';
import type { Aws, AwsCommand } from '../../rules/rule';
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

it('the first look begins under the lease, and while the open remediation is read', async () => {
  const world = await bench.world();
  const { finding } = bench.finding(world, await badBucket(world));
  const order: string[] = [];
  let looked: () => void = () => {};
  const isLooked = new Promise<void>((resolve) => {
    looked = resolve;
  });
  const { leases, openRemediations } = bench;
  const result = await bench.handle(finding, fix, {
    ...noting(() => {
      order.push('look');
      looked();
    }),
    leases: {
      async acquire(request) {
        const lease = await leases.acquire(request);
        order.push('lease');
        return lease;
      },
    },
    openRemediations: {
      ...openRemediations,
      // It would wait for ever if the look came after it.
      async find(...key) {
        await isLooked;
        order.push('open');
        return openRemediations.find(...key);
      },
    },
  });
  expect(result).toMatchObject({ outcome: 'fixed' });
  expect(order.slice(0, 3)).toEqual(['lease', 'look', 'open']);
});

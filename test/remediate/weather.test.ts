import { findBreaks } from '../../functions/log/chain';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();

const operations = [
  ['dynamodb', 'UpdateItem'],
  ['dynamodb', 'TransactWriteItems'],
  ['s3', 'GetBucketVersioning'],
  ['s3', 'GetBucketTagging'],
  ['s3', 'PutPublicAccessBlock'],
  ['s3', 'PutBucketVersioning'],
] as const;

const mishaps = ['throttle', 'unavailable', 'reset', 'drop-answer'] as const;

it('connections that AWS resets again and again leave nothing half done, and the finding comes back', async () => {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  bench.scheduled.length = 0;
  const fault = bench.gateway.fail({ service: 's3', operation: 'PutBucketOwnershipControls', times: 100, as: 'reset' });
  expect(await bench.handle(finding, fix)).toMatchObject({
    outcome: 'deferred',
    reason: expect.stringContaining('The state of the resource is the same as before.'),
  });
  fault.cancel();
  expect(bench.scheduled).toHaveLength(1);
  expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual({ versioned: false, blocked: false, owned: false });
  expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed' });
});

describe('in bad weather, a finding is fixed all the same, and logged once', () => {
  it.each(operations.flatMap(([service, operation]) => mishaps.map((as) => [as, service, operation] as const)))(
    '%s at %s %s',
    async (as, service, operation) => {
      const world = await bench.world();
      const { finding, resource } = bench.finding(world, await badBucket(world));
      const fault = bench.gateway.fail({ service, operation, times: 1, as });
      const result = await bench.handle(finding, fix);
      expect(fault.met).toBe(1);
      expect(result).toMatchObject({ outcome: 'fixed' });
      expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual({ versioned: true, blocked: true, owned: true });
      const events = await bench.log.read(result.remediation);
      expect(events.map(({ kind }) => kind)).toEqual(['planned', 'verified']);
      expect(findBreaks(events)).toEqual([]);
    },
  );
});

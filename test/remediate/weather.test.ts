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
      expect(events.map(({ kind }) => kind)).toEqual(['received', 'planned', 'applied', 'verified']);
      expect(findBreaks(events)).toEqual([]);
    },
  );
});

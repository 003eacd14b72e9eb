import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();

describe('the same finding delivered many times at once', () => {
  it('is fixed once; the other deliveries wait for their turn or find nothing to do', async () => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    bench.calls.length = 0;
    const results = await Promise.all(Array.from({ length: 12 }, () => bench.handle(finding, fix)));

    const outcomes = results.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'fixed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => !['fixed', 'deferred', 'already-compliant'].includes(outcome))).toEqual([]);
    expect(bench.calls.filter(({ operation }) => operation === 'PutBucketVersioning')).toHaveLength(1);
    expect(bench.scheduled).toHaveLength(outcomes.filter((outcome) => outcome === 'deferred').length);

    for (const { again } of bench.scheduled) expect(await bench.handle(again.finding, fix)).toMatchObject({ outcome: 'already-compliant' });
    expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual({ versioned: true, blocked: true, owned: true });
  });

  it('comes again where too many count their changes at this moment', async () => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    bench.scheduled.length = 0;
    const { store } = bench.rollbackTools(resource);
    const result = await bench.handle(finding, fix, { store: { ...store, permit: async () => 'busy' } });
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('too many concurrent changes are being counted') });
    expect((await bench.log.read(result.remediation)).at(-1)?.decision?.at(-1)).toMatch(
      /^record: too many concurrent changes .* -> defer$/,
    );
    expect(await bench.rule.inspect(resource, bench.connect(resource))).toMatchObject({ versioned: false });
    expect(bench.scheduled).toHaveLength(1);
    expect(await bench.handle(bench.scheduled[0]?.again.finding as never, fix)).toMatchObject({ outcome: 'fixed' });
  });

  it('keeps a lease from every other worker until it is given back or expires', async () => {
    const request = { resource: 'arn:aws:s3:::x', rule: 'a-rule', seconds: 60 };
    const lease = await bench.leases.acquire(request);
    expect(lease).not.toHaveProperty('heldBy');
    // Another delivery of the same message, in the same millisecond.
    expect(await bench.leases.acquire(request)).toEqual({ heldBy: 'a-rule' });
    expect(await bench.leases.acquire({ ...request, rule: 'other-rule' })).toEqual({ heldBy: 'a-rule' });
    await lease.release?.();
    expect(await bench.leases.acquire({ ...request, rule: 'other-rule' })).not.toHaveProperty('heldBy');
    // Released before: it is that of another worker.
    await lease.release?.();
    expect(await bench.leases.acquire(request)).toEqual({ heldBy: 'other-rule' });
    await bench.clock.sleep(61_000);
    expect(await bench.leases.acquire(request)).not.toHaveProperty('heldBy');
  });

  it('has a lease whose answer was lost', async () => {
    const request = { resource: 'arn:aws:s3:::y', rule: 'a-rule', seconds: 60 };
    const lost = bench.gateway.fail({ service: 'dynamodb', operation: 'UpdateItem', as: 'drop-answer' });
    expect(await bench.leases.acquire(request)).not.toHaveProperty('heldBy');
    expect(lost.met).toBe(1);
  });
});

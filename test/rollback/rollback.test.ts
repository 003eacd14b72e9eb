import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { chain } from '../../functions/log/chain';
import type { LogEvent } from '../../functions/log/event';
import { rollback } from '../../functions/rollback/rollback';
import { readMessage } from '../../functions/sources/read-message';
import type { World } from '../contract/scenario';
import { badBucket, fix, usePlantedBench } from '../remediate/setup';

const bench = usePlantedBench();

async function fixed() {
  const world = await bench.world();
  const id = await badBucket(world);
  const { finding, resource } = bench.finding(world, id);
  const before = await bench.rule.inspect(resource, bench.connect(resource));
  const { remediation } = await bench.handle(finding, fix);
  const ports = bench.rollbackTools(resource);
  return { world, id, finding, resource, before, remediation, ports, state: () => bench.rule.inspect(resource, bench.connect(resource)) };
}

const suspend = (world: World, Bucket: string) =>
  world.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));

/** The same events, as if the undo reached only the nearest state. */
function nearly(events: readonly LogEvent[]): LogEvent[] {
  let last: LogEvent | undefined;
  return events.map(({ hash: _, previous: __, sequence: ___, time, ...event }) => {
    const changes = event.changes?.map((change) => ('undo' in change ? { ...change, nearest: 'It keeps a trace.' } : change));
    last = chain(event, last, { ...event, ...(changes && { changes }) }, new Date(time));
    return last;
  });
}

describe('a rollback', () => {
  it('is logged with who asked for it, and verified', async () => {
    const { remediation, ports, state, before } = await fixed();
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('The state of the resource is the same as before the fix.'),
    });
    expect(await state()).toEqual(before);
    const events = await bench.log.read(remediation);
    expect(events.map(({ kind }) => kind)).toEqual(['planned', 'verified', 'rollback-requested', 'rolled-back']);
    expect(events.at(-1)).toMatchObject({ actor: ports.actor, after: before });
  });

  it('that is interrupted can be continued, also of a finding of AWS Config', async () => {
    const world = await bench.world();
    const id = await badBucket(world);
    const {
      finding: { id: _, ...place },
      resource,
    } = bench.finding(world, id, 'bucket-well-kept');
    const finding = { ...place, id: `bucket-well-kept/${resource.type}/${id}`, source: 'config' as const };
    const { remediation } = await bench.handle({ ...finding, resource: { ...finding.resource, reported: { configId: id } } }, fix);
    const ports = bench.rollbackTools(resource);
    let isDead = false;
    const log = {
      read: ports.log.read,
      async append(events: readonly LogEvent[]) {
        if (isDead) throw new Error('dead');
        await ports.log.append(events);
        isDead = true;
      },
    };
    await expect(rollback({ remediation, force: false }, { ...ports, log })).rejects.toThrow('dead');
    const item = await bench.openRemediations.find(bench.rule.id, resource.arn);
    expect(readMessage(bench.rule, item?.message)).toMatchObject({ finding: { id: finding.id, resource: { reported: { configId: id } } } });
  });

  it('is refused where the resource has changed since, and changes nothing', async () => {
    const { world, id, remediation, ports, state } = await fixed();
    await suspend(world, id);
    const result = await rollback({ remediation, force: false }, ports);
    expect(result).toMatchObject({ outcome: 'rollback-refused', reason: expect.stringContaining('has changed since the fix') });
    expect((await bench.log.read(remediation)).at(-1)).toMatchObject({ kind: 'rollback-refused', code: 'changed-since' });
    expect(await state()).toEqual({ versioned: false, blocked: true, owned: true });
  });

  it('can be forced then', async () => {
    const { world, id, remediation, ports, state, before } = await fixed();
    await suspend(world, id);
    expect(await rollback({ remediation, force: true }, ports)).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual(before);
  });

  it('says so where the resource is as before already', async () => {
    const { remediation, ports } = await fixed();
    await rollback({ remediation, force: false }, ports);
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('already'),
    });
  });

  it('says so where the nearest state was reached already', async () => {
    const { remediation, ports } = await fixed();
    const { inspect } = bench.rule;
    // As with a bucket that had versioning once: what the undo reaches is not what was before.
    const rule: typeof ports.rule = {
      ...ports.rule,
      inspect: async (resource, aws) => ({ ...((await inspect(resource, aws)) as object), trace: 1 }),
    };
    const log = { ...bench.log, read: async (id: string) => nearly(await bench.log.read(id)) };
    const first = await rollback({ remediation, force: true }, { ...ports, rule, log });
    expect(first).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('as close to the previous state as AWS allows'),
    });
    expect(await rollback({ remediation, force: false }, { ...ports, rule, log })).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('The resource was rolled back before, and has not changed since.'),
    });
  });

  it('waits for no worker: it is impossible while the resource is being changed', async () => {
    const { remediation, ports, resource } = await fixed();
    await bench.leases.acquire({ resource: resource.arn, rule: bench.rule.id, seconds: 60 });
    await expect(rollback({ remediation, force: false }, ports)).rejects.toThrow('Another worker is changing this resource');
  });

  it.each([
    ['an unknown remediation', 'no-such-remediation', 'The log has no remediation'],
    ['a remediation that changed nothing', undefined, 'changed nothing'],
  ])('is impossible for %s', async (_name, remediation, message) => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    const observed = await bench.handle(finding, { mode: 'observe', parameters: {} });
    await expect(
      rollback({ remediation: remediation ?? observed.remediation, force: false }, bench.rollbackTools(resource)),
    ).rejects.toThrow(message);
  });

  it('is impossible from a log that was tampered with', async () => {
    const { remediation, ports } = await fixed();
    const log = {
      ...bench.log,
      read: async (id: string) => (await bench.log.read(id)).map((event) => ({ ...event, before: { versioned: true } })),
    };
    await expect(rollback({ remediation, force: true }, { ...ports, log })).rejects.toThrow('is broken. Event 1 was altered');
  });

  it('is gone on with by the next delivery, once the function that died of it must have ended', async () => {
    const { remediation, ports, state, before } = await fixed();
    const dead = async () => Promise.reject(new Error('dead'));
    const leases = {
      async acquire(request: Parameters<typeof bench.leases.acquire>[0]) {
        const lease = await bench.leases.acquire(request);
        return 'heldBy' in lease ? lease : { ...lease, release: dead };
      },
    };
    await expect(rollback({ remediation, force: false }, { ...ports, leases, log: { ...bench.log, append: dead } })).rejects.toThrow(
      'dead',
    );
    await expect(rollback({ remediation, force: false }, ports)).rejects.toThrow('Another worker');
    await bench.clock.sleep(126_000);
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual(before);
  });

  it('has come to its end though its lease can not be given back', async () => {
    const { remediation, ports } = await fixed();
    const warnings: string[] = [];
    const leases = {
      async acquire(request: Parameters<typeof bench.leases.acquire>[0]) {
        const lease = await bench.leases.acquire(request);
        return 'heldBy' in lease ? lease : { ...lease, release: async () => Promise.reject(new Error('busy')) };
      },
    };
    const warn = (message: string) => void warnings.push(message);
    expect(await rollback({ remediation, force: false }, { ...ports, leases, warn })).toMatchObject({ outcome: 'rolled-back' });
    expect(warnings).toEqual(['The lease was not released']);
  });

  it('has not failed where the undo was applied, and only its answer was lost', async () => {
    const { remediation, ports, state, before } = await fixed();
    const aws = {
      send: (async (command) => {
        const answer = await ports.aws.send(command);
        // The last one: the SDK has sent it twice.
        if (command.constructor.name === 'DeletePublicAccessBlockCommand') throw Object.assign(new Error('no'), { name: 'NotFound' });
        return answer;
      }) as typeof ports.aws.send,
    };
    expect(await rollback({ remediation, force: false }, { ...ports, aws })).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('The state of the resource is the same as before the fix.'),
    });
    expect(await state()).toEqual(before);
  });

  it('says what failed, and can be sent again', async () => {
    const { remediation, ports, state, before } = await fixed();
    const refused = Object.assign(new Error('no'), { name: 'AccessDenied' });
    let left = 2;
    const aws = {
      send: (async (command) => {
        if (command.constructor.name.startsWith('Delete') && left-- > 0) throw refused;
        return ports.aws.send(command);
      }) as typeof ports.aws.send,
    };
    expect(await rollback({ remediation, force: false }, { ...ports, aws })).toMatchObject({
      outcome: 'rollback-failed',
      reason: expect.stringContaining('AccessDenied: no'),
    });
    expect(await rollback({ remediation, force: true }, ports)).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual(before);
  });
});

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { containing, findContainments } from '../../functions/coordination/containment';
import { leaseKey } from '../../functions/coordination/lease-key';
import { type Policy, policy as policyShape } from '../../functions/policy/policy';
import type { Ports } from '../../functions/remediate/ports';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand, Resource } from '../../rules/rule';
import { type Bench, useBench } from '../contract/bench';
import planted from './planted-rule';
import { badBucket, fix } from './setup';

const setting = planted as unknown as Bench['rule'];
const response: Bench['rule'] = { ...setting, id: 's3-bucket-answered', response: true };
const bench = useBench(setting, {});
const responding = useBench(response, {});
const bad = { versioned: false, blocked: false, owned: false };
const kept = { versioned: true, blocked: true, owned: true };
const table = 'posture-coordination';
const other = { rule: 's3-bucket-locked', remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV' };

const contain = (resource: Resource, on: Bench = bench) =>
  on.dynamo.send(
    new UpdateItemCommand(
      containing(table, leaseKey(setting, resource), {
        ...other,
        ...{ resource: resource.arn, account: resource.account, region: resource.region, finding: 'f', detectedBy: 'd' },
        ...{ since: '2026-11-24T12:00:00.000Z', review: '2026-12-01T12:00:00.000Z' },
      }),
    ),
  );
const containments = (resource: Resource, on: Bench = bench) =>
  findContainments(on.dynamo, table, leaseKey(setting, resource), on.clock.now());

async function attacked(on: Bench) {
  const world = await on.world();
  const { finding, resource } = on.finding(world, await badBucket(world));
  on.scheduled.length = 0;
  const state = () => on.rule.inspect(resource, on.connect(resource), undefined, on.clock.now());
  return { finding, resource, state };
}

/** The connection of the rule, after whose send of this operation something happens. */
const whenSent = (on: Bench, operation: string, what: () => Promise<unknown>): Pick<Ports, 'connect'> => ({
  connect(place: object): Aws {
    const aws = on.connect(place as never);
    const send = async (command: AwsCommand) => {
      const answer = await aws.send(command);
      if (command.constructor.name === `${operation}Command`) await what();
      return answer;
    };
    return { send: send as Aws['send'] };
  },
});

const policyWith = (responses: object): Pick<Ports, 'policy'> => ({
  policy: async (): Promise<Policy> => policyShape.parse({ responses, approvals: { fourEyes: false } }),
});

describe('a worker of a setting', () => {
  it('stops at its next change once the resource is contained, leaves the remediation open, and goes on after the release', async () => {
    const { finding, resource, state } = await attacked(bench);
    const stopped = await bench.handle(
      finding,
      fix,
      whenSent(bench, 'PutPublicAccessBlock', () => contain(resource)),
    );
    expect(stopped).toMatchObject({ outcome: 'incomplete', reason: expect.stringContaining('A response contains the resource') });
    expect((await bench.log.read(stopped.remediation)).at(-1)).toMatchObject({ code: 'contained', outcome: 'incomplete' });
    expect(await state()).toEqual({ ...bad, blocked: true });
    expect(await bench.openRemediations.find(setting.id, resource.arn)).toMatchObject({ remediation: stopped.remediation });

    await bench.clock.sleep(86_400_000);
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'incomplete', remediation: stopped.remediation });
    expect(await state()).toEqual({ ...bad, blocked: true });

    await bench.rollbackTools(resource).store.endContainment(resource.arn, other);
    await bench.clock.sleep(86_400_000);
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed', remediation: stopped.remediation });
    expect(await state()).toEqual(kept);
  });

  it('does not begin once the resource is contained between its decision and its first change', async () => {
    const { finding, resource, state } = await attacked(bench);
    const { store } = bench.rollbackTools(resource);
    const permit: typeof store.permit = async (request) => {
      const answer = await store.permit(request);
      await contain(resource);
      return answer;
    };
    expect(await bench.handle(finding, fix, { store: { ...store, permit } })).toMatchObject({ outcome: 'blocked' });
    expect(await state()).toEqual(bad);
  });

  it('reverts nothing of a failed fix once the resource is contained', async () => {
    const { finding, resource, state } = await attacked(bench);
    const { connect } = whenSent(bench, 'PutPublicAccessBlock', () => contain(resource));
    const store = { ...bench.rollbackTools(resource).store };
    let reads = 0;
    // The change after it is still let through, and fails.
    const containedLater: typeof store.containments = async (lease) => {
      reads += 1;
      return reads === 1 ? [] : bench.rollbackTools(resource).store.containments(lease);
    };
    const failing = (place: object): Aws => {
      const aws = connect(place as never);
      const refused = Object.assign(new Error('by the test'), {
        name: 'InvalidRequest',
        $fault: 'client',
        $metadata: { httpStatusCode: 400 },
      });
      const send = (command: AwsCommand) =>
        command.constructor.name === 'PutBucketOwnershipControlsCommand' ? Promise.reject(refused) : aws.send(command);
      return { send: send as Aws['send'] };
    };
    const result = await bench.handle(finding, fix, { connect: failing, store: { ...store, containments: containedLater } });
    expect(result).toMatchObject({ outcome: 'incomplete' });
    expect(await state()).toEqual({ ...bad, blocked: true });
  });

  it('stops where it can not be read whether the resource is contained', async () => {
    const { finding, resource, state } = await attacked(bench);
    const store = { ...bench.rollbackTools(resource).store, containments: () => Promise.reject(new Error('down')) };
    const result = await bench.handle(finding, fix, { store });
    expect(result).toMatchObject({ outcome: 'incomplete', reason: expect.stringContaining('down') });
    expect(await state()).toEqual({ ...bad, blocked: true });
  });

  it('stops its rollback at the next change, which continues after the release', async () => {
    const { finding, resource, state } = await attacked(bench);
    const { remediation } = await bench.handle(finding, fix);
    const tools = bench.rollbackTools(resource);
    await contain(resource);
    await expect(rollback({ remediation, force: false }, tools)).rejects.toMatchObject({ code: 'contained', forNow: false });
    expect(await state()).toEqual(kept);
    await tools.store.endContainment(resource.arn, other);
    expect(await rollback({ remediation, force: false }, tools)).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual(bad);
  });
});

describe('a response', () => {
  it('contains from its permit on, and its rollback releases', async () => {
    const { finding, resource } = await attacked(responding);
    let during: unknown;
    const look = whenSent(responding, 'PutPublicAccessBlock', async () => {
      during = await containments(resource, responding);
    });
    const { remediation } = await responding.handle(finding, fix, look);
    expect(during).toMatchObject([{ rule: response.id, remediation }]);
    expect(await containments(resource, responding)).toEqual(during);
    await rollback({ remediation, force: false }, responding.rollbackTools(resource));
    expect(await containments(resource, responding)).toEqual([]);
  });

  it('contains nothing if its first change fails', async () => {
    const { finding, resource, state } = await attacked(responding);
    const refused = Object.assign(new Error('by the test'), {
      name: 'InvalidRequest',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    const failing = (place: object): Aws => {
      const aws = responding.connect(place as never);
      const send = (command: AwsCommand) =>
        command.constructor.name === 'PutPublicAccessBlockCommand' ? Promise.reject(refused) : aws.send(command);
      return { send: send as Aws['send'] };
    };
    expect(await responding.handle(finding, fix, { connect: failing })).toMatchObject({ outcome: 'failed' });
    expect(await state()).toEqual(bad);
    expect(await containments(resource, responding)).toEqual([]);
  });

  it('that died between its permit and its plan contains until it comes back, and then what it contains', async () => {
    const { finding, resource } = await attacked(responding);
    const { store } = responding.rollbackTools(resource);
    const dying: typeof store.permit = async (request) => {
      await store.permit(request);
      throw Object.assign(new Error('the function ended'), { name: 'TimeoutError' });
    };
    await responding.handle(finding, fix, { store: { ...store, permit: dying } }).catch(() => undefined);
    expect(await containments(resource, responding)).toHaveLength(1);
    await responding.clock.sleep(600_000);
    const exempt = { exemptions: [{ reason: 'r', owner: 'o', expires: '2099-01-01' }] };
    const off = { policy: async () => policyShape.parse({ responses: { default: 'fix' }, ...exempt }) };
    expect(await responding.handle(finding, fix, off)).toMatchObject({ outcome: 'exempt' });
    expect(await containments(resource, responding)).toEqual([]);
  });

  it('that is decided announces the containment to a worker of another rule, and takes over when that leaves', async () => {
    const { finding, resource, state } = await attacked(responding);
    const lease = await responding.leases.acquire({ resource: resource.arn, rule: setting.id, seconds: 60 });
    const { store } = responding.rollbackTools(resource);
    const announced: unknown[] = [];
    const announce: typeof store.announce = async (key, containment) => {
      await store.announce(key, containment);
      announced.push(...(await containments(resource, responding)));
      // The other worker comes to its next change.
      await lease.release?.();
    };
    const result = await responding.handle(finding, fix, { store: { ...store, announce } });
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(announced).toMatchObject([{ rule: response.id, remediation: result.remediation, expires: expect.any(String) }]);
    expect((await containments(resource, responding))[0]?.expires).toBeUndefined();
    expect(await state()).toEqual(kept);
  });

  it('whose announcement leads to nothing keeps nobody from the resource after a quarter of an hour', async () => {
    const { finding, resource } = await attacked(responding);
    await responding.leases.acquire({ resource: resource.arn, rule: setting.id, seconds: 3600 });
    expect(await responding.handle(finding, fix)).toMatchObject({ outcome: 'deferred' });
    expect(await containments(resource, responding)).toHaveLength(1);
    await responding.clock.sleep(15 * 60_000);
    expect(await containments(resource, responding)).toEqual([]);
  });

  it('that only asks, or waits behind a worker of its own, announces nothing', async () => {
    const { finding, resource } = await attacked(responding);
    const lease = await responding.leases.acquire({ resource: resource.arn, rule: setting.id, seconds: 3600 });
    expect(await responding.handle(finding, fix, policyWith({ default: 'ask' }))).toMatchObject({ outcome: 'deferred' });
    await lease.release?.();
    await responding.leases.acquire({ resource: resource.arn, rule: response.id, seconds: 3600 });
    expect(await responding.handle(finding, fix)).toMatchObject({ outcome: 'deferred' });
    expect(await containments(resource, responding)).toEqual([]);
  });

  it('is not kept from a resource that another response contains, which stays contained after its release', async () => {
    const { finding, resource } = await attacked(responding);
    await contain(resource, responding);
    const { remediation, outcome } = await responding.handle(finding, fix);
    expect(outcome).toBe('fixed');
    await rollback({ remediation, force: false }, responding.rollbackTools(resource));
    expect(await containments(resource, responding)).toMatchObject([other]);
  });
});

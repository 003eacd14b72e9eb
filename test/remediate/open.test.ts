import { DeletePublicAccessBlockCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { leaseKey } from '../../functions/coordination/lease-key';
import type { Finding } from '../../functions/findings/finding';
import { retryMessage } from '../../functions/findings/retry-message';
import { findBreaks } from '../../functions/log/chain';
import { type Policy, policy as policyShape } from '../../functions/policy/policy';
import type { Ports } from '../../functions/remediate/ports';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand, Json } from '../../rules/rule';
import type { World } from '../contract/scenario';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();
const bad = { versioned: false, blocked: false, owned: false };
const good = { versioned: true, blocked: true, owned: true };
const changes = ['PutPublicAccessBlock', 'PutBucketOwnershipControls', 'PutBucketVersioning'] as const;

const named = (name: string, message = 'by the test') =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

/** The rule's connection, but these operations behave otherwise. */
function when(operations: readonly string[], act: (send: () => Promise<unknown>) => Promise<unknown>): Pick<Ports, 'connect'> {
  return {
    connect(place: object): Aws {
      const aws = bench.connect(place as never);
      const isMeant = (command: AwsCommand) => operations.some((operation) => command.constructor.name === `${operation}Command`);
      return { send: ((command: AwsCommand) => (isMeant(command) ? act(() => aws.send(command)) : aws.send(command))) as Aws['send'] };
    },
  };
}

/** A worker that is gone right after, or right before, it sends this change: nothing that it would do afterwards happens. */
async function crash(world: World, at: (typeof changes)[number], sent: 'before' | 'after') {
  const id = await badBucket(world);
  const { finding, resource } = bench.finding(world, id);
  bench.scheduled.length = 0;
  let isDead = false;
  const live = async <Answer>(step: () => Promise<Answer>): Promise<Answer> => {
    if (isDead) throw new Error('dead');
    return step();
  };
  const dying = when([at], async (send) => {
    if (sent === 'after') await send();
    isDead = true;
    throw new Error('dead');
  });
  const { log, leases, openRemediations } = bench;
  let planned = '';
  const ports: Partial<Ports> = {
    connect: (place) => {
      const aws = dying.connect(place);
      return { send: (command) => live(() => aws.send(command)) };
    },
    log: {
      async append(events) {
        await live(() => log.append(events));
        if (planned === '') planned = events[0]?.remediation ?? '';
      },
      read: (remediation) => live(() => log.read(remediation)),
    },
    leases: {
      ...leases,
      acquire: async (request) => {
        const lease = await leases.acquire(request);
        return 'heldBy' in lease ? lease : { ...lease, release: () => live(() => lease.release()) };
      },
    },
    openRemediations: {
      find: (...key) => live(() => openRemediations.find(...key)),
      put: (item) => live(() => openRemediations.put(item)),
      remove: (item) => live(() => openRemediations.remove(item)),
    },
  };
  await expect(bench.handle(finding, fix, ports)).rejects.toThrow('dead');
  await bench.clock.sleep(200_000);
  return {
    id,
    finding,
    resource,
    remediation: planned,
    state: () => bench.rule.inspect(resource, bench.connect(resource)),
    handle: (over?: Partial<Ports>) => bench.handle(finding, fix, over),
    rollBack: () => rollback({ remediation: planned, force: false }, bench.rollbackTools(resource)),
  };
}

const policyWith = (over: object): Partial<Ports> => ({
  policy: async (): Promise<Policy> =>
    policyShape.parse({ modes: { default: 'fix' }, ownership: { lastChange: false }, driftLoops: { fixes: 100 }, ...over }),
});

const storeWith = (recorded: object): Partial<Ports> => {
  const { store } = bench.rollbackTools(bench.resources.values().next().value as never);
  return { store: { ...store, read: async (about) => ({ ...(await store.read(about)), ...recorded }) } };
};

type Obstacle = readonly [name: string, code: string, over: () => Partial<Ports> | Promise<Partial<Ports>>];

const by = { by: 'arn:aws:iam::999999999999:user/on-call', at: '2026-11-29T12:00:00.000Z', why: 'an incident' };
const obstacles: readonly Obstacle[] = [
  ['a stop', 'stopped', () => storeWith({ stop: by })],
  ['a freeze', 'window', () => policyWith({ freezes: [{ from: '2020-01-01T00:00', to: '2040-01-01T00:00', reason: 'peak season' }] })],
  ['an open breaker', 'breaker-open', () => storeWith({ open: { at: by.at, why: '3 consecutive failures' } })],
  ['the mode observe', 'mode', () => policyWith({ modes: { default: 'observe' } })],
  ['the mode off', 'mode', () => policyWith({ modes: { default: 'off' } })],
  ['an exemption', 'exempt', () => storeWith({ hold: { ...by, until: '2040-01-01T00:00:00.000Z' } })],
  ['an unreadable policy', 'policy-unreadable', () => ({ policy: async () => Promise.reject(named('BadRequestException')) })],
  ['AccessDenied at the next change', 'access-denied', () => when(changes, async () => Promise.reject(named('AccessDenied')))],
  ['AccessDenied at every call', 'access-denied', () => ({ connect: () => ({ send: async () => Promise.reject(named('AccessDenied')) }) })],
  [
    'a service that is down',
    'temporary-error',
    () => when(['GetBucketVersioning'], async () => Promise.reject(named('ThrottlingException'))),
  ],
];

describe.each([
  ['PutPublicAccessBlock', 'after', ['PutPublicAccessBlock']],
  ['PutBucketOwnershipControls', 'after', ['PutPublicAccessBlock', 'PutBucketOwnershipControls']],
] as const)('a worker that dies at %s, right %s it is sent', (at, sent, made) => {
  it.each(obstacles)('and then %s: the half state is recorded, comes back by itself, and is finished', async (_name, code, over) => {
    const died = await crash(await bench.world(), at, sent);
    const half = await died.state();
    expect(half).not.toEqual(bad);

    const counted: Record<string, number>[] = [];
    const held = await died.handle({ ...(await over()), count: (values) => void counted.push({ ...values }) });
    expect(held).toMatchObject({ outcome: 'incomplete', remediation: died.remediation });
    expect(await died.state()).toEqual(half);
    const recorded = (await bench.log.read(died.remediation)).at(-1);
    expect(recorded).toMatchObject({ kind: 'incomplete', outcome: 'incomplete', code });
    if (recorded?.after !== undefined) {
      expect(recorded.after).toEqual(half);
      expect(held.reason).toContain(`In effect: ${made.map((operation) => `s3:${operation}`).join(', ')}`);
    } else expect(held.reason).toContain("can't be inspected");
    expect(held.reason).not.toContain('Nothing was changed');
    expect(counted).toContainEqual({ Incomplete: 1 });
    expect(bench.scheduled).toMatchObject([{ again: { number: 1, finding: { id: died.finding.id } } }]);
    expect(await bench.openRemediations.find(bench.rule.id, died.resource.arn)).toMatchObject({ remediation: died.remediation });

    await bench.clock.sleep(3_600_000);
    expect(await died.handle()).toMatchObject({ outcome: 'fixed', remediation: died.remediation });
    expect(await died.state()).toEqual(good);
    expect(await bench.openRemediations.find(bench.rule.id, died.resource.arn)).toBeUndefined();
    expect(findBreaks(await bench.log.read(died.remediation))).toEqual([]);
    expect(await died.rollBack()).toMatchObject({ outcome: 'rolled-back' });
    expect(await died.state()).toEqual(bad);
  });
});

it.each([
  ['was seen before the lease', true, 0],
  ['was not there before the lease', false, 1],
])('what is open, and %s, is continued by a look of its own', async (_name, isOpen, inVain) => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  const atFind: number[] = [];
  let looks = 0;
  const { connect } = when(['GetBucketVersioning'], (send) => {
    looks += 1;
    return send();
  });
  const openRemediations: Ports['openRemediations'] = {
    ...bench.openRemediations,
    async find(...key) {
      const item = await bench.openRemediations.find(...key);
      atFind.push(looks);
      return item;
    },
  };
  const nothing = async () => {};
  const repeats: Ports['repeats'] = { find: async () => ({ isOpen }), count: async () => false, remember: nothing, forget: nothing };
  expect(await died.handle({ connect, openRemediations, repeats })).toMatchObject({ outcome: 'fixed', remediation: died.remediation });
  expect(atFind[0]).toBe(inVain);
  // The first look, the second one, and the verification.
  expect(looks).toBe(inVain + 3);
  expect(await died.state()).toEqual(good);
});

it('a limit that a half-done fix has reached itself does not keep it from going on at once', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  const limits = { rule: { hour: 1, day: 1 }, account: { hour: 1, day: 1 }, all: { hour: 1, day: 1 } };
  expect(await died.handle(policyWith({ limits }))).toMatchObject({ outcome: 'fixed', remediation: died.remediation });
  expect(await died.state()).toEqual(good);
});

it.each(changes.flatMap((at) => (['before', 'after'] as const).map((sent) => [at, sent] as const)))(
  'what a worker that died at %s, right %s it was sent, left half done can be rolled back instead',
  async (at, sent) => {
    const died = await crash(await bench.world(), at, sent);
    const nothing = at === 'PutPublicAccessBlock' && sent === 'before';
    expect(await died.state()).toEqual(
      nothing
        ? bad
        : {
            ...bad,
            blocked: true,
            owned: at !== 'PutPublicAccessBlock' && !(at === 'PutBucketOwnershipControls' && sent === 'before'),
            versioned: at === 'PutBucketVersioning' && sent === 'after',
          },
    );
    expect(await died.rollBack()).toMatchObject({ outcome: 'rolled-back' });
    expect(await died.state()).toEqual(bad);
    expect(await bench.openRemediations.find(bench.rule.id, died.resource.arn)).toBeUndefined();
    expect(await died.handle()).toMatchObject({ outcome: 'fixed' });
  },
);

it('a worker that dies before its first change leaves nothing half done: a stop then defers, and says that nothing is in effect', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'before');
  expect(await died.handle(storeWith({ stop: by }))).toMatchObject({ outcome: 'deferred', remediation: died.remediation });
  expect((await bench.log.read(died.remediation)).at(-1)).toMatchObject({
    kind: 'deferred',
    effects: ['not-made', 'not-made', 'not-made'],
  });
  expect(await bench.openRemediations.find(bench.rule.id, died.resource.arn)).toBeUndefined();
  expect(await died.handle()).toMatchObject({ outcome: 'fixed' });
});

it('changes that others reverted meanwhile are recorded as no longer in effect, where the attempt ends without a fix', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  expect(await died.handle(storeWith({ stop: by }))).toMatchObject({ outcome: 'incomplete' });
  await bench.connect(died.resource).send(new DeletePublicAccessBlockCommand({ Bucket: died.id }));
  expect(await died.state()).toEqual(bad);
  const ended = await died.handle(policyWith({ modes: { default: 'off' } }));
  expect(ended).toMatchObject({ outcome: 'off', remediation: died.remediation });
  expect(ended.reason).toMatch(/The resource shows none of the changes of earlier attempts\.$/);
  expect((await bench.log.read(died.remediation)).at(-1)).toMatchObject({
    reason: ended.reason,
    effects: ['not-made', 'not-made', 'not-made'],
  });
  expect(await bench.openRemediations.find(bench.rule.id, died.resource.arn)).toBeUndefined();
});

it('people are told of each cause once', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  const told: (boolean | undefined)[] = [];
  const publishOutcome: Ports['publishOutcome'] = async ({ event, repeated }) =>
    void (event.outcome === 'incomplete' && told.push(repeated));
  for (const recorded of [{ stop: by }, { stop: by }, { open: { at: by.at, why: 'failures' } }]) {
    await died.handle({ ...storeWith(recorded), publishOutcome });
    await bench.clock.sleep(86_400_000);
  }
  expect(told).toEqual([undefined, true, undefined]);
});

it('it comes back without an end, at intervals that grow up to a day and a half', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  for (let number = 1; number <= 35; number += 1) {
    const now = bench.clock.now().getTime();
    expect(await died.handle(storeWith({ stop: by }))).toMatchObject({ outcome: 'incomplete' });
    const next = bench.scheduled.at(-1);
    expect(bench.scheduled).toHaveLength(number);
    await bench.clock.sleep((next?.at.getTime() ?? 0) - now + 1000);
    if (number === 35) expect((next?.at.getTime() ?? 0) - now).toBeGreaterThanOrEqual(86_400_000);
  }
});

it('another delivery before the scheduled one does not schedule a second one', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  await died.handle(storeWith({ stop: by }));
  await died.handle(storeWith({ stop: by }));
  expect(bench.scheduled).toHaveLength(1);
});

it('a resource that another worker changes keeps it waiting, and that is recorded', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  const lease = await bench.leases.acquire({ resource: died.resource.arn, rule: 'another-rule', seconds: 60 });
  expect(await died.handle()).toMatchObject({ outcome: 'incomplete', remediation: died.remediation });
  expect((await bench.log.read(died.remediation)).at(-1)).toMatchObject({ kind: 'incomplete', code: 'busy' });
  await lease.release?.();
  expect(await died.handle()).toMatchObject({ outcome: 'fixed', remediation: died.remediation });
});

it('a worker of the same rule may be on it, however long ago it last wrote: another delivery never writes into its trail', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  const trail = await bench.log.read(died.remediation);
  const request = { resource: died.resource.arn, rule: bench.rule.id, seconds: 900 };
  const lease = await bench.leases.acquire(request);
  await bench.clock.sleep(600_000);
  const waiting = await died.handle();
  expect(waiting).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('Another worker') });
  expect(waiting.remediation).not.toBe(died.remediation);
  expect(await bench.log.read(died.remediation)).toEqual(trail);
  expect(bench.scheduled).toHaveLength(1);
  await lease.release?.();
  expect(await died.handle()).toMatchObject({ outcome: 'fixed', remediation: died.remediation });
});

it('a finding of another detector of the rule continues it, and comes back for itself', async () => {
  const world = await bench.world();
  const died = await crash(world, 'PutPublicAccessBlock', 'after');
  const { finding } = bench.finding(world, died.id, 'bucket-well-kept');
  expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed', remediation: died.remediation });
  const first = (await bench.log.read(died.remediation)).find(({ kind }) => kind === 'planned');
  expect(first?.before).toEqual(bad);
  expect(bench.scheduled).toMatchObject([{ again: { finding: { detectedBy: 'bucket-well-kept' } } }]);
  expect(await bench.handle(bench.scheduled[0]?.again.finding as never, fix)).toMatchObject({ outcome: 'already-compliant' });
});

it('a finding of another detector is not lost where a third worker has the resource', async () => {
  const world = await bench.world();
  const died = await crash(world, 'PutPublicAccessBlock', 'after');
  const { finding } = bench.finding(world, died.id, 'bucket-well-kept');
  const lease = await bench.leases.acquire({ resource: died.resource.arn, rule: 'another-rule', seconds: 60 });
  expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'incomplete', remediation: died.remediation });
  await lease.release?.();
  // The open remediation, and this finding.
  expect(bench.scheduled).toHaveLength(2);
  expect(bench.scheduled.at(-1)?.again.finding.detectedBy).toBe('bucket-well-kept');
});

it('a finding of another detector comes back after the next attempt of what is half done, not sooner', async () => {
  const world = await bench.world();
  const died = await crash(world, 'PutPublicAccessBlock', 'after');
  const { finding } = bench.finding(world, died.id, 'bucket-well-kept');
  for (let tries = 0; tries < 8; tries += 1) {
    await died.handle(storeWith({ stop: by }));
    await bench.clock.sleep(1000 + (bench.scheduled.at(-1)?.at.getTime() ?? 0) - bench.clock.now().getTime());
  }
  bench.scheduled.length = 0;
  expect(await bench.handle(finding, fix, storeWith({ stop: by }))).toMatchObject({ outcome: 'incomplete' });
  const [own, other] = bench.scheduled;
  expect(other?.again.finding.detectedBy).toBe('bucket-well-kept');
  expect(other?.at.getTime()).toBeGreaterThan(own?.at.getTime() ?? 0);
});

it('another delivery does not write into the trail of a worker that is on it', async () => {
  const world = await bench.world();
  const { finding, resource } = bench.finding(world, await badBucket(world));
  let delivered: unknown;
  const during = when(['PutBucketVersioning'], async (send) => {
    delivered ??= await bench.handle(finding, fix);
    return send();
  });
  const result = await bench.handle(finding, fix, during);
  expect(delivered).toMatchObject({ outcome: 'deferred' });
  expect(result).toMatchObject({ outcome: 'fixed' });
  expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual(good);
});

it('what ends as gone is not open any more', async () => {
  const died = await crash(await bench.world(), 'PutPublicAccessBlock', 'after');
  expect(await died.handle(when(['GetBucketVersioning'], async () => Promise.reject(named('NoSuchBucket'))))).toMatchObject({
    outcome: 'resource-not-found',
    remediation: died.remediation,
  });
  expect(await bench.openRemediations.find(bench.rule.id, died.resource.arn)).toBeUndefined();
});

describe('a role that may only read', () => {
  const start = async () => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    bench.scheduled.length = 0;
    const counted: Record<string, number>[] = [];
    const failures: string[] = [];
    const { store } = bench.rollbackTools(resource);
    const failed: (typeof store)['failed'] = async (...given) => {
      failures.push(JSON.stringify(given));
      return store.failed(...given);
    };
    const ports = { count: (values: object) => void counted.push({ ...values } as never), store: { ...store, failed } };
    return { world, finding, resource, counted, failures, ports, state: () => bench.rule.inspect(resource, bench.connect(resource)) };
  };

  it('ends the fix as blocked, counts for no breaker, and is reported once an account a day', async () => {
    const { world, finding, counted, failures, ports, state } = await start();
    const refused = when(changes, async () => Promise.reject(named('AccessDenied')));
    const result = await bench.handle(finding, fix, { ...ports, ...refused });
    expect(result).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('None of the changes was made.') });
    expect((await bench.log.read(result.remediation)).at(-1)).toMatchObject({ outcome: 'blocked', code: 'role-reads-only' });
    const other = bench.finding(world, await badBucket(world)).finding;
    expect(await bench.handle(other, fix, { ...ports, ...refused })).toMatchObject({ outcome: 'blocked' });
    expect(counted.filter((values) => values.RoleReadsOnly)).toHaveLength(1);
    expect(failures).toEqual([]);
    expect(bench.scheduled).toEqual([]);
    expect(await state()).toEqual(bad);
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed' });
  });

  it('fails it where a policy denies the call expressly', async () => {
    const { finding, failures, ports } = await start();
    const denied = when(changes, async () =>
      Promise.reject(named('AccessDenied', 'not authorized, with an explicit deny in a service control policy')),
    );
    const result = await bench.handle(finding, fix, { ...ports, ...denied });
    expect(result).toMatchObject({ outcome: 'failed' });
    expect((await bench.log.read(result.remediation)).at(-1)).toMatchObject({ code: 'access-denied' });
    expect(failures).toEqual([]);
  });
});

describe('a passing fault at a change and at the look after it', () => {
  it('keeps the remediation open, claims nothing of what was not seen, and is finished later', async () => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    bench.scheduled.length = 0;
    let isDown = false;
    const down = named('InternalError');
    const faulty = when([...changes, 'GetBucketVersioning'], async (send) => {
      if (isDown) throw Object.assign(down, { $metadata: { httpStatusCode: 500 } });
      return send();
    }).connect(resource);
    const connect = () => ({
      send: (async (command: AwsCommand) => {
        // Applied, and its answer lost; then the service is down.
        if (command.constructor.name === 'PutBucketOwnershipControlsCommand') {
          await faulty.send(command);
          isDown = true;
          throw Object.assign(down, { $metadata: { httpStatusCode: 500 } });
        }
        return faulty.send(command);
      }) as Aws['send'],
    });
    const result = await bench.handle(finding, fix, { connect });
    expect(result).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringContaining(
        'In effect: s3:PutPublicAccessBlock; unknown: s3:PutBucketOwnershipControls; not made: s3:PutBucketVersioning',
      ),
    });
    expect((await bench.log.read(result.remediation)).at(-1)).toMatchObject({
      code: 'temporary-error',
      effects: ['accepted', 'unknown', 'not-made'],
    });
    expect(bench.scheduled).toHaveLength(1);
    const state = () => bench.rule.inspect(resource, bench.connect(resource));
    expect(await state()).toEqual({ ...bad, blocked: true, owned: true });

    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed', remediation: result.remediation });
    expect(await rollback({ remediation: result.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
    expect(await state()).toEqual(bad);
  });
});

it('an exemption tag that is added while it is half done keeps it half done, and says so', async () => {
  const world = await bench.world();
  const died = await crash(world, 'PutPublicAccessBlock', 'after');
  await world.send(
    new PutBucketTaggingCommand({ Bucket: died.id, Tagging: { TagSet: [{ Key: 'posture:exempt', Value: bench.rule.id }] } }),
  );
  expect(await died.handle()).toMatchObject({ outcome: 'incomplete', reason: expect.stringContaining('exemption: ') });
  expect(await died.rollBack()).toMatchObject({ outcome: 'rolled-back' });
  expect((await died.state()) as Json).toEqual(bad);
});

it('a worker with other trails, such as a command line, leaves it alone, and says whose it is', async () => {
  const died = await crash(await bench.world(), 'PutBucketOwnershipControls', 'after');
  const half = await died.state();
  const local = await died.handle({ openRemediations: { ...bench.openRemediations, user: 'AIDAEXAMPLE' } });
  expect(local).toMatchObject({
    outcome: 'deferred',
    reason: expect.stringContaining(`${died.remediation} of the resource, by the function`),
  });
  expect(await died.state()).toEqual(half);
  expect(await died.handle()).toMatchObject({ outcome: 'fixed', remediation: died.remediation });
});

describe('an open remediation whose resource is gone, and can no longer be named', () => {
  const gone = async () => {
    const { finding, resource, remediation } = await crash(await bench.world(), 'PutBucketVersioning', 'after');
    const open = leaseKey(bench.rule, resource);
    const kind = { ...finding.resource.kind, resolve: async () => [] };
    const lost: Finding = { ...finding, resource: { kind, reported: { configId: 'bucket-1' } } };
    const item = await bench.openRemediations.find(bench.rule.id, open);
    if (!item) throw new Error('The remediation is not open.');
    await bench.openRemediations.put({ ...item, message: retryMessage({ finding: lost, number: 0, open }) });
    return { lost, open, remediation, find: () => bench.openRemediations.find(bench.rule.id, open) };
  };

  it('ends with it', async () => {
    const { lost, open, remediation, find } = await gone();
    expect(await bench.handle(lost, fix, {}, { number: 0, open })).toMatchObject({ outcome: 'resource-not-found', remediation });
    expect(await find()).toBeUndefined();
    expect((await bench.log.read(remediation)).at(-1)).toMatchObject({ outcome: 'resource-not-found' });
  });

  it('stays if the message is about another resource', async () => {
    const { lost, open, find } = await gone();
    const other: Finding = { ...lost, resource: { ...lost.resource, reported: { configId: 'bucket-2' } } };
    expect(await bench.handle(other, fix, {}, { number: 0, open })).toMatchObject({ outcome: 'resource-not-found' });
    expect(await find()).toBeDefined();
  });
});

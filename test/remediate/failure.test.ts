import { randomBytes } from 'node:crypto';
import { PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { isChanges } from '../../functions/plan/change';
import { policy as policyShape } from '../../functions/policy/policy';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand } from '../../rules/rule';
import { badBucket, fix, usePlantedBench } from './setup';

const bench = usePlantedBench();
const bad = { versioned: false, blocked: false, owned: false };
const good = { versioned: true, blocked: true, owned: true };

async function start() {
  const world = await bench.world();
  const id = await badBucket(world);
  const { finding, resource } = bench.finding(world, id);
  bench.scheduled.length = 0;
  return { world, id, finding, resource, state: () => bench.rule.inspect(resource, bench.connect(resource)) };
}

const named = (name: string, more: object = {}) =>
  Object.assign(new Error('by the test'), { name, $fault: 'client', $metadata: { httpStatusCode: 400 }, ...more });

/** The rule's connection, but one operation behaves otherwise. */
function when(operation: string, act: (send: () => Promise<unknown>) => Promise<unknown>) {
  return {
    connect(place: Parameters<typeof bench.connect>[0] | object): Aws {
      const aws = bench.connect(place as never);
      const send = (command: AwsCommand) =>
        command.constructor.name === `${operation}Command` ? act(() => aws.send(command)) : aws.send(command);
      return { send: send as Aws['send'] };
    },
  };
}

describe('a change that fails part way', () => {
  it('has the changes before it taken back, and says so', async () => {
    const { finding, state } = await start();
    const result = await bench.handle(
      finding,
      fix,
      when('PutBucketVersioning', async () => Promise.reject(named('InvalidBucketState'))),
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('InvalidBucketState: by the test). The state of the resource is the same as before'),
    });
    expect(await state()).toEqual(bad);
    expect((await bench.log.read(result.remediation)).map(({ kind }) => kind)).toEqual(['planned', 'reverted']);
  });

  it('is not reported as fixed when an operator fixes the resource before the worker gives its lease back', async () => {
    const { finding, resource, state } = await start();
    const { leases } = bench;
    const failed = await bench.handle(finding, fix, {
      ...when('PutBucketVersioning', async () => Promise.reject(named('InvalidBucketState'))),
      leases: {
        ...leases,
        async acquire(request) {
          const lease = await leases.acquire(request);
          return 'heldBy' in lease ? lease : { ...lease, release: async () => Promise.reject(named('InternalServerError')) };
        },
      },
    });
    expect(failed.outcome).toBe('failed');
    const plan = bench.rule.plan(resource, bad, { parameters: {}, detectedBy: finding.detectedBy, now: bench.clock.now() });
    for (const change of isChanges(plan) ? plan : []) await bench.connect(resource).send(change.do);
    expect(await state()).toEqual(good);
    await bench.clock.sleep(200_000);
    const notified: string[] = [];
    const result = await bench.handle(finding, fix, { notifySource: async (_finding, remediation) => void notified.push(remediation) });
    expect(result.outcome).toBe('already-compliant');
    expect(notified).toEqual([]);
  });

  it('is tried again later if AWS was only busy', async () => {
    const { finding, state } = await start();
    const result = await bench.handle(
      finding,
      fix,
      when('PutBucketVersioning', async () => Promise.reject(named('ThrottlingException'))),
    );
    expect(result).toMatchObject({ outcome: 'deferred' });
    expect(await state()).toEqual(bad);
    expect(bench.scheduled).toMatchObject([{ again: { number: 1 } }]);
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed' });
  });

  it('says how the resource stands where the way back fails too', async () => {
    const { finding, resource, state } = await start();
    const broken = when('PutBucketVersioning', async () => Promise.reject(named('InvalidBucketState')));
    const result = await bench.handle(finding, fix, {
      connect: (place) => {
        const aws = broken.connect(place);
        return {
          send: ((command: AwsCommand) =>
            command.constructor.name === 'DeletePublicAccessBlockCommand'
              ? Promise.reject(named('AccessDenied'))
              : aws.send(command)) as Aws['send'],
        };
      },
    });
    expect(result).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringMatching(
        /not all could be reverted: AccessDenied.*In effect: s3:PutPublicAccessBlock; not made: s3:PutBucketOwnershipControls, s3:PutBucketVersioning/,
      ),
    });
    expect(await state()).toEqual({ ...bad, blocked: true });
    expect(bench.scheduled).toHaveLength(1);
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed', remediation: result.remediation });
    expect(await rollback({ remediation: result.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
    expect(await state()).toEqual(bad);
  });

  it('is taken back where the last way back was applied, and only its answer was lost', async () => {
    const { finding, state } = await start();
    const broken = when('PutBucketVersioning', async () => Promise.reject(named('InvalidBucketState')));
    const result = await bench.handle(finding, fix, {
      connect: (place) => {
        const aws = broken.connect(place);
        const send = async (command: AwsCommand) => {
          const answer = await aws.send(command);
          if (command.constructor.name === 'DeletePublicAccessBlockCommand') throw named('NotFound');
          return answer;
        };
        return { send: send as Aws['send'] };
      },
    });
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('The state of the resource is the same as before') });
    expect(await state()).toEqual(bad);
  });

  it('goes on where the change was applied and only its answer was lost', async () => {
    const { finding, state } = await start();
    const result = await bench.handle(
      finding,
      fix,
      when('PutBucketOwnershipControls', async (send) => {
        await send();
        throw named('TimeoutError', { $fault: undefined });
      }),
    );
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(await state()).toEqual(good);
  });
});

/** By the retries of the SDK itself. */
describe('a change that IAM refuses', () => {
  it('is in effect where the answer to an earlier attempt was lost', async () => {
    const { world, finding, state } = await start();
    const { account } = world;
    const lost = bench.gateway.fail({ operation: 'PutPublicAccessBlock', account, as: 'drop-answer' });
    const refused = bench.gateway.fail({ operation: 'PutPublicAccessBlock', account, when: 2, as: 'access-denied' });
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed' });
    expect([lost.met, refused.met]).toEqual([1, 1]);
    expect(await state()).toEqual(good);
  });

  it('is in effect where AWS shows it only some seconds after its answer was lost', async () => {
    const { finding, resource, state } = await start();
    let stale = 0;
    const result = await bench.handle(finding, fix, {
      connect(place: Parameters<typeof bench.connect>[0] | object): Aws {
        const aws = bench.connect(place as never);
        let isLost = false;
        const send = async (command: AwsCommand) => {
          const { name } = command.constructor;
          if (name === 'PutBucketVersioningCommand') {
            await aws.send(command);
            isLost = true;
            throw named('AccessDenied', { $metadata: { httpStatusCode: 403, attempts: 2 } });
          }
          const answer = (await aws.send(command)) as { Status?: string };
          return isLost && name === 'GetBucketVersioningCommand' && stale++ < 3 ? { ...answer, Status: undefined } : answer;
        };
        return { send: send as Aws['send'] };
      },
    });
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(stale).toBeGreaterThan(3);
    expect(await state()).toEqual(good);
    const undone = await rollback({ remediation: result.remediation, force: false }, bench.rollbackTools(resource));
    expect(undone).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual(bad);
  });

  it('was not made where there was no earlier attempt', async () => {
    const { world, finding, state } = await start();
    bench.gateway.fail({ operation: 'PutPublicAccessBlock', account: world.account, as: 'access-denied' });
    const reason = expect.stringContaining('None of the changes was made.');
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'blocked', reason });
    expect(await state()).toEqual(bad);
  });
});

describe('what AWS shows late', () => {
  it('is waited for', async () => {
    const { finding } = await start();
    let stale = 0;
    const lag = when('GetBucketVersioning', async (send) => {
      const answer = (await send()) as { Status?: string };
      if (answer.Status === 'Enabled' && stale++ < 4) return { ...answer, Status: undefined };
      return answer;
    });
    expect(await bench.handle(finding, fix, lag)).toMatchObject({ outcome: 'fixed' });
    expect(stale).toBe(5);
  });

  it('is not claimed where it never shows', async () => {
    const { finding } = await start();
    const never = when('GetBucketVersioning', async (send) => ({ ...((await send()) as object), Status: undefined }));
    expect(await bench.handle(finding, fix, never)).toMatchObject({
      outcome: 'unverified',
      reason: expect.stringContaining("the rule's check does not pass"),
    });
  });
});

describe('what nobody expects', () => {
  it('ends in the log where AWS refuses to be asked, and nothing is changed', async () => {
    const { finding, state } = await start();
    const result = await bench.handle(
      finding,
      fix,
      when('GetBucketOwnershipControls', async () => Promise.reject(named('AccessDenied'))),
    );
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('AccessDenied') });
    expect(await state()).toEqual(bad);
  });

  it('is thrown, for the finding to be delivered again, where AWS is only busy', async () => {
    const { finding } = await start();
    await expect(
      bench.handle(
        finding,
        fix,
        when('GetBucketOwnershipControls', async () => Promise.reject(named('SlowDown', { $retryable: { throttling: true } }))),
      ),
    ).rejects.toThrow('by the test');
    expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed' });
  });

  it('changes nothing where the tags that may exempt a resource cannot be read', async () => {
    const { finding, state } = await start();
    const result = await bench.handle(
      finding,
      fix,
      when('GetBucketTagging', async () => Promise.reject(named('AccessDenied'))),
    );
    expect(result).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining("the tags can't be read, and may exempt the resource"),
    });
    expect(await state()).toEqual(bad);
  });

  it('changes nothing where the log cannot be written', async () => {
    const { finding, state } = await start();
    const log = { ...bench.log, append: async () => Promise.reject(named('ResourceNotFoundException')) };
    await expect(bench.handle(finding, fix, { log })).rejects.toThrow('by the test');
    expect(await state()).toEqual(bad);
  });

  it('is not taken for a fix that somebody changed back, where the log cannot be written', async () => {
    const { finding, state } = await start();
    const append: typeof bench.log.append = async (events) =>
      events.some(({ kind }) => kind === 'planned') ? Promise.reject(named('ThrottlingException')) : bench.log.append(events);
    const policy = async () => policyShape.parse({ modes: { default: 'fix' }, driftLoops: { fixes: 1 }, ownership: { lastChange: false } });
    await expect(bench.handle(finding, fix, { policy, log: { ...bench.log, append } })).rejects.toThrow('by the test');
    expect(await state()).toEqual(bad);
    expect(await bench.handle(finding, fix, { policy })).toMatchObject({ outcome: 'fixed' });
  });

  it('changes nothing where the state before does not fit in the log', async () => {
    const { finding, state } = await start();
    const blob = randomBytes(600_000).toString('base64');
    const rule: typeof bench.rule = {
      ...bench.rule,
      inspect: async (resource, aws) => ({ ...((await bench.rule.inspect(resource, aws)) as object), blob }),
    };
    const result = await bench.handle(finding, fix, { rule });
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('Fix this resource manually') });
    expect(await state()).toEqual(bad);
  });

  it('keeps the fix where telling fails, and notes it', async () => {
    const { finding } = await start();
    const warnings: string[] = [];
    const ports = {
      notifySource: async () => Promise.reject(named('AccessDenied')),
      warn: (message: string) => void warnings.push(message),
    };
    expect(await bench.handle(finding, fix, ports)).toMatchObject({ outcome: 'fixed' });
    expect(warnings).toEqual(['The source was not notified']);
  });
});

it('a fix stands where the failures before it can not be forgotten, and that is noted', async () => {
  const { finding } = await start();
  const warnings: string[] = [];
  const { store } = bench.rollbackTools(bench.finding(await bench.world(), 'any').resource);
  const ports = {
    store: {
      ...store,
      read: async (about: Parameters<typeof store.read>[0]) => ({ ...(await store.read(about)), failures: 1 }),
      succeeded: async () => Promise.reject(named('AccessDeniedException')),
    },
    warn: (message: string) => void warnings.push(message),
  };
  expect(await bench.handle(finding, fix, ports)).toMatchObject({ outcome: 'fixed' });
  expect(warnings).toEqual(['The failures before this fix are still counted']);
});

describe('an exempt resource', () => {
  it('is left alone, and the log says why', async () => {
    const { world, id, finding, state } = await start();
    await world.send(new PutBucketTaggingCommand({ Bucket: id, Tagging: { TagSet: [{ Key: 'posture:exempt', Value: bench.rule.id }] } }));
    const result = await bench.handle(finding, fix);
    expect(result).toMatchObject({ outcome: 'exempt' });
    expect(await state()).toEqual(bad);
    expect((await bench.log.read(result.remediation)).at(-1)?.decision).toContain(
      'exemption: the tag posture:exempt names this rule, without an end date. Add one, such as `until 2027-01-31` -> skip',
    );
  });
});

import { DeletePublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { hashOfPlan } from '../../functions/plan/hash';
import { type Policy, policy as policyShape } from '../../functions/policy/policy';
import type { Ports } from '../../functions/remediate/ports';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand } from '../../rules/rule';
import { type Bench, useBench } from '../contract/bench';
import planted from './planted-rule';
import { badBucket, fix } from './setup';

const response = { ...(planted as unknown as Bench['rule']), response: true as const };
const bench = useBench(response, {});
const bad = { versioned: false, blocked: false, owned: false };
const contained = { versioned: true, blocked: true, owned: true };

const policyWith = (over: object = {}): Pick<Ports, 'policy'> => ({
  policy: async (): Promise<Policy> =>
    policyShape.parse({ modes: { default: 'observe' }, responses: { default: 'fix' }, approvals: { fourEyes: false }, ...over }),
});

const named = (name: string) => Object.assign(new Error('by the test'), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

/** The rule's connection, whose sends of this operation fail. */
const failing = (operation: string, name = 'InternalError'): Pick<Ports, 'connect'> => ({
  connect(place: object): Aws {
    const aws = bench.connect(place as never);
    const send = (command: AwsCommand) =>
      command.constructor.name === `${operation}Command` ? Promise.reject(named(name)) : aws.send(command);
    return { send: send as Aws['send'] };
  },
});

async function attacked(prefix?: string) {
  const world = await bench.world();
  const id = await badBucket(world, prefix);
  const { finding, resource } = bench.finding(world, id);
  bench.scheduled.length = 0;
  return { world, id, finding, resource, state: () => bench.rule.inspect(resource, bench.connect(resource)) };
}

const approved = (hash: string): Pick<Ports, 'store'> => {
  const { store } = bench.rollbackTools(bench.resources.values().next().value as never);
  const approval = { by: 'arn:aws:sts::111122223333:assumed-role/OnCall/alice', at: bench.clock.now().toISOString(), why: '', hash };
  return {
    store: {
      ...store,
      read: async (about) => ({ ...(await store.read(about)), approval: { ...approval, expires: '2040-01-01T00:00:00.000Z' } }),
      permit: async () => 'granted' as const,
    },
  };
};

describe('a response', () => {
  it.each(['InternalError', 'AccessDenied', 'InvalidRequest'])(
    'that fails part way with %s keeps what it has contained, stays open, and goes on from there',
    async (error) => {
      const { finding, resource, state } = await attacked();
      const failed = await bench.handle(finding, fix, { ...policyWith(), ...failing('PutBucketVersioning', error) });
      expect(failed).toMatchObject({
        outcome: 'incomplete',
        reason: expect.stringContaining('The changes made before it stay in effect.'),
      });
      expect(await state()).toEqual({ ...contained, versioned: false });
      expect(bench.scheduled).toHaveLength(1);
      expect(await bench.openRemediations.find(response.id, resource.arn)).toMatchObject({ remediation: failed.remediation });
      await bench.clock.sleep(3_600_000);
      expect(await bench.handle(finding, fix, policyWith())).toMatchObject({ outcome: 'fixed', remediation: failed.remediation });
      expect(await state()).toEqual(contained);
      expect(await rollback({ remediation: failed.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
        outcome: 'rolled-back',
      });
      expect(await state()).toEqual(bad);
    },
  );

  it('that fails at its first change has made none', async () => {
    const { finding, state } = await attacked();
    const failed = await bench.handle(finding, fix, { ...policyWith(), ...failing('PutPublicAccessBlock', 'InvalidRequest') });
    expect(failed).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('None of the changes was made.') });
    expect(await state()).toEqual(bad);
  });

  it('that is approved is carried out although the attacker has changed the resource since', async () => {
    const { id, finding, resource, state, world } = await attacked();
    // One change less than now: it was planned while public access was blocked.
    const planned = hashOfPlan(response, []);
    await world.send(new DeletePublicAccessBlockCommand({ Bucket: id }));
    expect(await bench.handle(finding, fix, { ...policyWith({ responses: { default: 'ask' } }), ...approved(planned) })).toMatchObject({
      outcome: 'fixed',
    });
    expect(await state()).toEqual(contained);
    expect(resource.id).toBe(id);
  });
});

it('an attacker who provokes many findings has responses contain only as much of an account as the policy lets them', async () => {
  const world = await bench.world();
  const responses = { default: 'fix', limit: {}, caps: { account: 2 } };
  const ends: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    const { finding } = bench.finding(world, await badBucket(world));
    const { outcome, reason } = await bench.handle(finding, fix, policyWith({ responses }));
    ends.push(outcome === 'awaiting-approval' ? `${outcome}: ${reason}` : outcome);
  }
  const asked = expect.stringMatching(
    /^awaiting-approval: .*2 of 2 contained resources in account \d{12} this hour: limit of responses.caps reached/,
  );
  expect(ends).toEqual(['fixed', 'fixed', asked, asked]);
});

describe('what the policy never contains', () => {
  const never = (id: string) =>
    policyWith({ responses: { default: 'ask', never: [{ reason: 'all of the shop is in it', resources: [`arn:aws:s3:::${id}`] }] } });

  it('stays as it is, although a person has approved it, and they are told why', async () => {
    const { id, finding, state } = await attacked();
    const published: unknown[] = [];
    const publishOutcome: Ports['publishOutcome'] = async (notice) => void published.push(notice);
    expect(await bench.handle(finding, fix, { ...never(id), ...approved(hashOfPlan(response, [])), publishOutcome })).toMatchObject({
      outcome: 'unfixable',
      reason: expect.stringContaining('never-contained: responses.never[0] (all of the shop is in it) names the resource.'),
    });
    expect(await state()).toEqual(bad);
    expect(JSON.stringify(published)).toContain('"code":"never-contained"');
  });

  it('includes nothing of this product without a person, in no mode', async () => {
    const { finding, state } = await attacked('posture-archive');
    expect(await bench.handle(finding, fix, policyWith())).toMatchObject({
      outcome: 'awaiting-approval',
      reason: expect.stringContaining('by its name, it may be a bucket of this product'),
    });
    expect(await state()).toEqual(bad);
    expect(await bench.handle(finding, fix, { ...policyWith(), ...approved(hashOfPlan(response, [])) })).toMatchObject({
      outcome: 'fixed',
    });
  });

  it('keeps what was contained before, and gets no more', async () => {
    const { id, finding, state } = await attacked();
    await bench.handle(finding, fix, { ...policyWith({ responses: { default: 'fix', limit: {} } }), ...failing('PutBucketVersioning') });
    await bench.clock.sleep(3_600_000);
    expect(await bench.handle(finding, fix, never(id))).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringContaining('never-contained'),
    });
    expect(await state()).toEqual({ ...contained, versioned: false });
  });
});

it('the approval of a response names what is irreversible of it, and the one of a setting its calls', () => {
  const call = (operation: string) => ({ service: 's3', operation, input: {} });
  const reversible = { do: call('A'), undo: call('B') };
  const other = { do: call('C'), undo: call('D') };
  const final = { do: call('E'), irreversible: 'It is lost.' };
  const { response: _, ...setting } = response;
  expect(hashOfPlan(response, [reversible])).toBe(hashOfPlan(response, [reversible, other]));
  expect(hashOfPlan(response, [reversible])).not.toBe(hashOfPlan(response, [reversible, final]));
  expect(hashOfPlan(response, [reversible])).not.toBe(hashOfPlan({ ...response, id: 'another-response' }, [reversible]));
  expect(hashOfPlan(setting, [reversible])).not.toBe(hashOfPlan(setting, [reversible, other]));
});

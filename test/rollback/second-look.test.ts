import { GetBucketPolicyCommand, PutBucketPolicyCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { isChanges } from '../../functions/plan/change';
import { openIntents } from '../../functions/plan/intents';
import { rollback } from '../../functions/rollback/rollback';
import type { Aws, AwsCommand, Rule } from '../../rules/rule';
import tlsRequired from '../../rules/s3/bucket-tls-required';
import { type Bench, useBench } from '../contract/bench';
import type { World } from '../contract/scenario';
import planted from '../remediate/planted-rule';
import { badBucket, fix } from '../remediate/setup';

const documents = useBench(tlsRequired as unknown as Rule, {});
const { independentUndo: _, ...dependent } = planted as unknown as Rule;
const dependents = useBench(dependent, {});
/** One change first, and the others once that is visible. */
const staged: Rule = {
  ...dependent,
  plan(resource, state, context) {
    const plan = dependent.plan(resource, state, context);
    if (!isChanges(plan)) return plan;
    const near = plan.map((change) => ({ ...change, nearest: 'It is as near as AWS allows.' }));
    return near.length === 3 ? near.slice(0, 1) : near;
  },
};
const nearests = useBench(staged, {});

/** Somebody else does this right after the rollback was logged, or before its given step. */
const afterRequest = ({ log }: Bench, act: () => Promise<unknown>): Pick<Bench, 'log'> => ({
  log: {
    ...log,
    async append(events) {
      await log.append(events);
      if (events.some(({ kind }) => kind === 'rollback-requested')) await act();
    },
  },
});

const suspend = (world: World, Bucket: string) =>
  world.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));

async function fixed(bench: Bench, prepare?: (world: World, id: string) => Promise<unknown>) {
  const world = await bench.world();
  const id = await badBucket(world);
  await prepare?.(world, id);
  const { finding, resource } = bench.finding(world, id);
  const { remediation, outcome } = await bench.handle(finding, fix);
  expect(outcome).toBe('fixed');
  const state = () => bench.rule.inspect(resource, bench.connect(resource));
  return { world, id, remediation, ports: bench.rollbackTools(resource), resource, state };
}

describe('between the look of a rollback and its first command', () => {
  it('a statement that somebody adds to a policy is kept', async () => {
    const put = (world: World, Bucket: string, ...statements: readonly unknown[]) =>
      world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) }));
    const statement = (world: World, Bucket: string, Sid: string) => ({
      Sid,
      Effect: 'Allow',
      Principal: { AWS: world.account },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    });
    const { world, id, remediation, ports } = await fixed(documents, (w, Bucket) => put(w, Bucket, statement(w, Bucket, 'First')));
    const read = async () => {
      const { Policy = '' } = await world.send(new GetBucketPolicyCommand({ Bucket: id }));
      return (JSON.parse(Policy) as { readonly Statement: readonly { readonly Sid: string }[] }).Statement;
    };
    const add = async () => put(world, id, ...(await read()), statement(world, id, 'Second'));
    expect(await rollback({ remediation, force: false }, { ...ports, ...afterRequest(documents, add) })).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('Later changes by others are kept'),
    });
    expect((await read()).map(({ Sid }) => Sid)).toEqual(['First', 'Second']);
  });

  it('a change by others is not overwritten: it is refused, and the remediation is as closed as before', async () => {
    const { world, id, remediation, ports, resource, state } = await fixed(dependents);
    const act = () => suspend(world, id);
    dependents.calls.length = 0;
    const result = await rollback({ remediation, force: false }, { ...ports, ...afterRequest(dependents, act) });
    expect(result).toMatchObject({ outcome: 'rollback-refused', reason: expect.stringContaining('has changed since the fix') });
    const events = await dependents.log.read(remediation);
    expect(events.slice(-2)).toMatchObject([{ kind: 'rollback-requested' }, { kind: 'rollback-refused', code: 'changed-since' }]);
    expect(dependents.calls.filter(({ operation }) => operation.startsWith('Delete'))).toEqual([]);
    expect(await state()).toEqual({ versioned: false, blocked: true, owned: true });
    expect(openIntents(events)).toEqual([]);
    expect(await dependents.openRemediations.find(dependents.rule.id, resource.arn)).toBeUndefined();
  });

  it('a change by others does not stop a forced rollback', async () => {
    const { world, id, remediation, ports, state } = await fixed(dependents);
    const act = () => suspend(world, id);
    expect(await rollback({ remediation, force: true }, { ...ports, ...afterRequest(dependents, act) })).toMatchObject({
      outcome: 'rolled-back',
    });
    expect(await state()).toEqual({ versioned: false, blocked: false, owned: false });
  });
});

describe('between two intents of a rollback to the nearest state', () => {
  const isA = (command: AwsCommand, operation: string) => command.constructor.name === `${operation}Command`;

  /** A fix that was not verified at first, and was continued with an intent of its own. */
  async function continued() {
    const world = await nearests.world();
    const id = await badBucket(world);
    const { finding, resource } = nearests.finding(world, id);
    const { remediation, outcome } = await nearests.handle(finding, fix);
    expect(outcome).toBe('unverified');
    await nearests.clock.sleep(200_000);
    expect(await nearests.handle(finding, fix)).toMatchObject({ outcome: 'fixed', remediation });
    const ports = nearests.rollbackTools(resource);
    const state = () => nearests.rule.inspect(resource, nearests.connect(resource));
    nearests.calls.length = 0;
    return { world, id, remediation, ports, state };
  }
  const undone = () => nearests.calls.flatMap(({ operation }) => (operation.startsWith('Delete') ? [operation] : []));

  it('a change by others is not overwritten: the rest is left, and that is said', async () => {
    const { world, id, remediation, ports, state } = await continued();
    const send = async (command: AwsCommand): Promise<unknown> => {
      const answer = await ports.aws.send(command);
      if (isA(command, 'DeleteBucketOwnershipControls'))
        await world.send(new PutBucketVersioningCommand({ Bucket: id, VersioningConfiguration: { Status: 'Enabled' } }));
      return answer;
    };
    expect(await rollback({ remediation, force: false }, { ...ports, aws: { send } as Aws })).toMatchObject({ outcome: 'rollback-failed' });
    expect(undone()).toEqual(['DeleteBucketOwnershipControls']);
    expect(await state()).toEqual({ versioned: true, blocked: true, owned: false });
  });

  it('nothing keeps it from its end where nobody has changed anything', async () => {
    const { remediation, ports, state } = await continued();
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({ outcome: 'rolled-back' });
    expect(await state()).toEqual({ versioned: false, blocked: false, owned: false });
  });
});

import { GetBucketPolicyCommand, PutBucketPolicyCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { openIntents } from '../../functions/plan/intents';
import { rollback } from '../../functions/rollback/rollback';
import type { Rule } from '../../rules/rule';
import tlsRequired from '../../rules/s3/bucket-tls-required';
import { type Bench, useBench } from '../contract/bench';
import type { World } from '../contract/scenario';
import planted from '../remediate/planted-rule';
import { badBucket, fix } from '../remediate/setup';

const documents = useBench(tlsRequired as unknown as Rule, {});
const { independentUndo: _, ...dependent } = planted as unknown as Rule;
const dependents = useBench(dependent, {});

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

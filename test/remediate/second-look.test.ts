import { GetBucketPolicyCommand, PutBucketPolicyCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { closeBreaker, openBreaker } from '../../functions/coordination/breaker-order';
import { putStop, removeStop } from '../../functions/coordination/stop';
import { chain } from '../../functions/log/chain';
import type { LogEvent } from '../../functions/log/event';
import { loggedChange } from '../../functions/plan/change';
import { hashOfPlan } from '../../functions/plan/hash';
import type { Ports } from '../../functions/remediate/ports';
import { rollback } from '../../functions/rollback/rollback';
import type { Change, Rule } from '../../rules/rule';
import tlsRequired from '../../rules/s3/bucket-tls-required';
import { type Bench, useBench } from '../contract/bench';
import type { World } from '../contract/scenario';
import planted from './planted-rule';
import { badBucket, fix } from './setup';

const bench = useBench(planted as unknown as Rule, {});
const documents = useBench(tlsRequired as unknown as Rule, {});
const bad = { versioned: false, blocked: false, owned: false };

/** Somebody else does this each time, or once, right after a plan was logged. */
const afterIntent = ({ log }: Bench, act: () => Promise<unknown>): Pick<Ports, 'log'> => ({
  log: {
    ...log,
    async append(events) {
      await log.append(events);
      if (events.some(({ kind }) => kind === 'planned')) await act();
    },
  },
});

const block = (world: World, Bucket: string) =>
  world.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    }),
  );

describe('between the look and the first change', () => {
  it('a statement that somebody adds to a policy is kept, by the fix and by its rollback', async () => {
    const world = await documents.world();
    const Bucket = await badBucket(world);
    const statement = (Sid: string) => ({
      Sid,
      Effect: 'Allow',
      Principal: { AWS: world.account },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    });
    const put = (...sids: readonly string[]) =>
      world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: sids.map(statement) }) }));
    const sids = async () => {
      const { Policy = '' } = await world.send(new GetBucketPolicyCommand({ Bucket }));
      return (JSON.parse(Policy) as { readonly Statement: readonly { readonly Sid: string }[] }).Statement.map(({ Sid }) => Sid);
    };
    await put('First');
    const { finding, resource } = documents.finding(world, Bucket);
    let isDone = false;
    const result = await documents.handle(finding, fix, {
      ...afterIntent(documents, async () => {
        if (!isDone) await put('First', 'Second');
        isDone = true;
      }),
    });
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(await sids()).toEqual(expect.arrayContaining(['First', 'Second']));
    expect(await sids()).toHaveLength(3);
    const events = await documents.log.read(result.remediation);
    expect(events.map(({ kind }) => kind)).toEqual(['planned', 'planned', 'verified']);
    expect(events[1]).toMatchObject({ effects: ['not-made'], reason: expect.stringContaining('this plan replaces the one before') });
    expect(await rollback({ remediation: result.remediation, force: false }, documents.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
    expect(await sids()).toEqual(['First', 'Second']);
  });

  it('a change that somebody makes is not taken for ours', async () => {
    const world = await bench.world();
    const id = await badBucket(world);
    const { finding, resource } = bench.finding(world, id);
    const result = await bench.handle(
      finding,
      fix,
      afterIntent(bench, () => block(world, id)),
    );
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(await rollback({ remediation: result.remediation, force: false }, bench.rollbackTools(resource))).toMatchObject({
      outcome: 'rolled-back',
    });
    expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual({ ...bad, blocked: true });
  });

  it('nothing is sent where the plan changes each time: it is deferred', async () => {
    const world = await documents.world();
    const Bucket = await badBucket(world);
    const { finding, resource } = documents.finding(world, Bucket);
    let number = 0;
    const put = () => {
      number += 1;
      const Statement = [
        {
          Sid: `S${number}`,
          Effect: 'Allow',
          Principal: { AWS: world.account },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
      ];
      return world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
    };
    documents.calls.length = 0;
    const result = await documents.handle(finding, fix, afterIntent(documents, put));
    expect(result).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('several times in a row') });
    expect(documents.calls.filter(({ operation }) => operation === 'PutBucketPolicy')).toEqual([]);
    expect(number).toBe(3);
    expect(await documents.openRemediations.find(documents.rule.id, resource.arn)).toBeUndefined();
  });

  const orders = 'posture-orders';
  const said = () => ({ by: approver, at: new Date(bench.clock.now().getTime() + 1).toISOString(), why: 'the test' });
  it.each([
    [
      'a stop',
      () => putStop(bench.dynamo, orders, 'all', said(), bench.clock),
      () => removeStop(bench.dynamo, orders, 'all', bench.clock),
      'deferred',
    ],
    [
      'an open breaker',
      () => openBreaker(bench.dynamo, orders, { rule: bench.rule.id, why: 'the test' }, bench.clock),
      () => closeBreaker(bench.dynamo, orders, { rule: bench.rule.id }, said(), bench.clock),
      'breaker-open',
    ],
  ] as const)('%s that comes after the plan is logged keeps it from being carried out', async (_, come, goes, outcome) => {
    const world = await bench.world();
    const { finding, resource } = bench.finding(world, await badBucket(world));
    const result = await bench.handle(finding, fix, afterIntent(bench, come)).finally(goes);
    expect(result).toMatchObject({ outcome });
    const events = await bench.log.read(result.remediation);
    expect(events.map(({ kind, effects }) => [kind, effects])).toEqual([
      ['planned', undefined],
      [expect.any(String), ['not-made', 'not-made', 'not-made']],
    ]);
    expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual(bad);
    expect(await bench.openRemediations.find(bench.rule.id, resource.arn)).toBeUndefined();
  });

  it('a plan that changes loses its approval', async () => {
    const world = await bench.world();
    const id = await badBucket(world);
    const { finding, resource } = bench.finding(world, id);
    const plan = hashOfPlan(bench.rule, plannedFor(resource).map(loggedChange));
    const result = await bench.handle(finding, ask, { ...approved(plan), ...afterIntent(bench, () => block(world, id)) });
    expect(result).toMatchObject({ outcome: 'awaiting-approval' });
    const events = await bench.log.read(result.remediation);
    expect(events[0]).toMatchObject({ kind: 'planned', plan, approvedBy: approver });
    expect(events[1]).toMatchObject({ kind: 'approval-requested', effects: ['not-made', 'not-made', 'not-made'] });
    expect(events[1]?.plan).not.toBe(plan);
    expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual({ ...bad, blocked: true });
  });
});

it('a statement that somebody adds to a policy while a fix is interrupted is kept by its rollback', async () => {
  const world = await documents.world();
  const Bucket = await badBucket(world);
  const { finding, resource } = documents.finding(world, Bucket);
  const statement = {
    Sid: 'Second',
    Effect: 'Allow',
    Principal: { AWS: world.account },
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  let isDead = false;
  const log: Ports['log'] = {
    ...documents.log,
    async append(events) {
      if (isDead) throw new Error('dead');
      await documents.log.append(events);
      isDead = true;
    },
  };
  await expect(documents.handle(finding, fix, { log })).rejects.toThrow('dead');
  await documents.clock.sleep(200_000);
  const policy = async () => JSON.parse((await world.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? '{}');
  const interrupted = await policy();
  expect(interrupted.Statement).toHaveLength(1);
  await world.send(
    new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ ...interrupted, Statement: [...interrupted.Statement, statement] }) }),
  );

  const result = await documents.handle(finding, fix);
  expect(result).toMatchObject({ outcome: 'fixed' });
  expect((await documents.log.read(result.remediation)).map(({ kind, effects }) => [kind, effects])).toEqual([
    ['planned', undefined],
    ['verified', ['seen']],
  ]);
  expect(await rollback({ remediation: result.remediation, force: false }, documents.rollbackTools(resource))).toMatchObject({
    outcome: 'rolled-back',
  });
  expect((await policy()).Statement).toEqual([statement]);
});

it('an approval does not pay for another plan whose hash somebody wrote into the log', async () => {
  const world = await bench.world();
  const id = await badBucket(world);
  const { finding, resource } = bench.finding(world, id);
  const changes = plannedFor(resource).map(loggedChange);
  const small = hashOfPlan(bench.rule, changes.slice(0, 1));
  const first = await bench.handle(finding, ask);
  const events = await bench.log.read(first.remediation);
  const last = events.at(-1) as LogEvent;
  const { remediation, rule, version, source, detectedBy, partition, account, region, resourceType } = last;
  const subject = {
    remediation,
    rule,
    version,
    finding: last.finding,
    source,
    detectedBy,
    partition,
    account,
    region,
    resource: last.resource,
    resourceType,
  };
  const forged = {
    kind: 'planned',
    reason: 'Forged.',
    actor: last.actor,
    changes,
    plan: small,
    before: bad,
    parameters: {},
    approvedBy: approver,
  } as const;
  await bench.log.append([chain(subject, last, forged, bench.clock.now())]);
  const { kind, reported } = finding.resource;
  const message = { finding: { ...finding, resource: { type: kind.type, reported } }, number: 0 };
  await bench.openRemediations.put({ rule, resource: resource.arn, remediation, detectedBy, since: last.time, message } as never);

  expect(await bench.handle(finding, ask, approved(small))).toMatchObject({ outcome: 'awaiting-approval', remediation });
  expect(await bench.rule.inspect(resource, bench.connect(resource))).toEqual(bad);
  // The same event, where its plan is the approved one and has the permit.
  const whole = hashOfPlan(bench.rule, changes);
  expect(await bench.handle(finding, ask, approved(whole))).toMatchObject({ outcome: 'fixed' });
});

const ask = { mode: 'ask', parameters: {} } as const;
const approver = 'arn:aws:sts::111122223333:assumed-role/OnCall/alice';

/** An approval of the plan is recorded, and it has its permit. */
function approved(hash: string): Pick<Ports, 'store'> {
  const { store } = bench.rollbackTools(bench.resources.values().next().value as never);
  const approval = { by: approver, at: bench.clock.now().toISOString(), why: '', hash, expires: '2040-01-01T00:00:00.000Z' };
  return {
    store: {
      ...store,
      read: async (about) => ({ ...(await store.read(about)), approval }),
      permit: async () => 'granted' as const,
      hasPermit: async ({ plan }) => plan === hash,
    },
  };
}

function plannedFor(resource: Parameters<Rule['plan']>[0]): readonly Change[] {
  return bench.rule.plan(resource, bad, { ...bench.context({}) }) as readonly Change[];
}

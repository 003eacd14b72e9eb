import { CreateClusterV2Command, DescribeClusterV2Command, UpdateMonitoringCommand } from '@aws-sdk/client-kafka';
import { DeletePublicAccessBlockCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { sameJson } from '../../functions/canonical-json';
import { leaseKey } from '../../functions/coordination/lease-key';
import { isChanges } from '../../functions/plan/change';
import { rollback } from '../../functions/rollback/rollback';
import type { JsonObject } from '../../rules/json';
import msk from '../../rules/msk/cluster-monitoring-enhanced';
import { type Aws, type AwsCommand, notFound, type Rule } from '../../rules/rule';
import { type Bench, useBench } from '../contract/bench';
import { nearlyKept } from '../remediate/nearly-kept';
import { badBucket, fix } from '../remediate/setup';

const clusters = useBench(msk as unknown as Rule, {});
const buckets = useBench(nearlyKept, {});

let trace = 0;

/** Its undo leaves a trace, in the presence of which it makes another command. */
const traced: Rule = {
  ...nearlyKept,
  async inspect(...given) {
    const state = await nearlyKept.inspect(...given);
    return state === notFound ? notFound : { ...(state as JsonObject), trace };
  },
  plan(resource, state, context) {
    const plan = nearlyKept.plan(resource, state, context);
    if (!isChanges(plan) || (state as JsonObject).trace === 0) return plan;
    return plan.map((change) =>
      change.do instanceof PutBucketVersioningCommand
        ? { ...change, do: new PutBucketVersioningCommand({ ...change.do.input, ExpectedBucketOwner: resource.account }) }
        : change,
    );
  },
  isUndone: (now, { before }) => sameJson({ ...(now as JsonObject), trace: 0 }, before),
};
const tracedBuckets = useBench(traced, {});

const openOf = (bench: Bench, resource: Parameters<Bench['connect']>[0]) =>
  bench.openRemediations.find(bench.rule.id, leaseKey(bench.rule, resource as never));

describe('a rollback to the nearest state', () => {
  it('is not complete while AWS still applies the undo', async () => {
    const world = await clusters.world();
    const { ClusterArn = '' } = await world.send(
      new CreateClusterV2Command({
        ClusterName: 'orders',
        Provisioned: {
          BrokerNodeGroupInfo: { ClientSubnets: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'], InstanceType: 'kafka.m5.large' },
          KafkaVersion: '3.6.0',
          NumberOfBrokerNodes: 2,
          EnhancedMonitoring: 'PER_BROKER',
        },
      }),
    );
    const { finding, resource } = clusters.finding(world, ClusterArn);
    const { remediation } = await clusters.handle(finding, { mode: 'fix', parameters: { level: 'PER_TOPIC_PER_BROKER' } });
    const real = clusters.connect(resource);
    const accepted: AwsCommand[] = [];
    const slow: Aws = {
      send: (async (command: AwsCommand) => {
        if (command instanceof UpdateMonitoringCommand) return accepted.push(command) && {};
        const answer = (await real.send(command)) as { readonly ClusterInfo?: object };
        const isUpdating = command instanceof DescribeClusterV2Command && accepted.length > 0;
        return isUpdating ? { ...answer, ClusterInfo: { ...answer.ClusterInfo, State: 'UPDATING' } } : answer;
      }) as Aws['send'],
    };
    const ports = { ...clusters.rollbackTools(resource), aws: slow };
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({
      outcome: 'rollback-failed',
      reason: expect.stringContaining('AWS may take 60 minutes to apply them. Request the rollback again after that'),
    });
    expect(await openOf(clusters, resource)).toMatchObject({ remediation });

    for (const command of accepted.splice(0)) await real.send(command);
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({ outcome: 'rolled-back' });
    expect(accepted).toEqual([]);
    expect(await openOf(clusters, resource)).toBeUndefined();
  });

  it('is not complete while one of several undos is not in effect', async () => {
    const world = await buckets.world();
    const { finding, resource } = buckets.finding(world, await badBucket(world));
    const { remediation } = await buckets.handle(finding, fix);
    const real = buckets.connect(resource);
    const ignoring: Aws = {
      send: (async (command: AwsCommand) => (command instanceof DeletePublicAccessBlockCommand ? {} : real.send(command))) as Aws['send'],
    };
    const ports = buckets.rollbackTools(resource);
    expect(await rollback({ remediation, force: false }, { ...ports, aws: ignoring })).toMatchObject({ outcome: 'rollback-failed' });
    expect(await openOf(buckets, resource)).toMatchObject({ remediation });
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({ outcome: 'rolled-back' });
    expect(await buckets.rule.inspect(resource, real)).toMatchObject({ blocked: false });
  });

  it('is complete once AWS has made an undo that the plan of the rule does not show', async () => {
    trace = 0;
    const world = await tracedBuckets.world();
    const { finding, resource } = tracedBuckets.finding(world, await badBucket(world));
    const { remediation } = await tracedBuckets.handle(finding, fix);
    const real = tracedBuckets.connect(resource);
    const accepted: AwsCommand[] = [];
    const slow: Aws = {
      send: (async (command: AwsCommand) => (isChange(command) ? accepted.push(command) && {} : real.send(command))) as Aws['send'],
    };
    const ports = { ...tracedBuckets.rollbackTools(resource), aws: slow };
    trace = 1;
    expect(await rollback({ remediation, force: true }, ports)).toMatchObject({ outcome: 'rollback-failed' });
    for (const command of accepted.splice(0)) await real.send(command);
    expect(await rollback({ remediation, force: false }, ports)).toMatchObject({
      outcome: 'rolled-back',
      reason: expect.stringContaining('as close to the previous state as AWS allows. Versioning can only be suspended.'),
    });
    expect(accepted).toEqual([]);
  });
});

const isChange = (command: AwsCommand) => /^(Put|Delete)/.test(command.constructor.name);

import { CreateClusterV2Command, DescribeClusterV2Command, UpdateMonitoringCommand } from '@aws-sdk/client-kafka';
import { DeletePublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { leaseKey } from '../../functions/coordination/lease-key';
import { rollback } from '../../functions/rollback/rollback';
import msk from '../../rules/msk/cluster-monitoring-enhanced';
import type { Aws, AwsCommand, Rule } from '../../rules/rule';
import { type Bench, useBench } from '../contract/bench';
import { nearlyKept } from '../remediate/nearly-kept';
import { badBucket, fix } from '../remediate/setup';

const clusters = useBench(msk as unknown as Rule, {});
const buckets = useBench(nearlyKept, {});

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
});

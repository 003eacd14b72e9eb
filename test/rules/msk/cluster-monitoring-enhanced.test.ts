import {
  type Cluster,
  type ClusterState,
  CreateClusterV2Command,
  DescribeClusterV2Command,
  type EnhancedMonitoring,
  UpdateMonitoringCommand,
} from '@aws-sdk/client-kafka';
import { callOf } from '../../../functions/aws/call';
import { cluster } from '../../../rules/msk/cluster/resource';
import rule from '../../../rules/msk/cluster-monitoring-enhanced';
import type { Aws } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { letPass } from '../../emulator/models/judge';

letPass(
  'kafka:CreateClusterV2: input.Provisioned.EnhancedMonitoring is "PER_MESSAGE", and none of DEFAULT, PER_BROKER, PER_TOPIC_PER_BROKER, PER_TOPIC_PER_PARTITION.',
);

describeRule(rule, {
  violations: {
    'a cluster that measures its brokers alone': {
      seed: clusterWith('PER_BROKER'),
      fixed: async (world, arn) => expect(await levelOf(world, arn)).toBe('PER_TOPIC_PER_BROKER'),
      rolledBack: async (world, arn) => expect(await levelOf(world, arn)).toBe('PER_BROKER'),
    },
    'a cluster whose owner wants more': {
      seed: clusterWith('PER_TOPIC_PER_BROKER'),
      parameters: { level: 'PER_TOPIC_PER_PARTITION' },
      fixed: async (world, arn) => expect(await levelOf(world, arn)).toBe('PER_TOPIC_PER_PARTITION'),
      rolledBack: async (world, arn) => expect(await levelOf(world, arn)).toBe('PER_TOPIC_PER_BROKER'),
    },
    'a cluster that somebody lets measure more before the rollback': {
      seed: clusterWith(undefined),
      async meanwhile(world, ClusterArn) {
        const { ClusterInfo } = await world.send(new DescribeClusterV2Command({ ClusterArn }));
        const EnhancedMonitoring = 'PER_TOPIC_PER_PARTITION';
        await world.send(new UpdateMonitoringCommand({ ClusterArn, CurrentVersion: ClusterInfo?.CurrentVersion, EnhancedMonitoring }));
      },
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a cluster that measures its topics': { seed: clusterWith('PER_TOPIC_PER_BROKER') },
    'a cluster that measures its partitions': { seed: clusterWith('PER_TOPIC_PER_PARTITION') },
    'a cluster that measures what is not known yet': { seed: clusterWith('PER_MESSAGE' as EnhancedMonitoring) },
  },
  missing: 'no-such-cluster/0b7a1f52-5b2c-4c1e-9d3e-8a4f6c7d8e9f-2',
});

const resource = {
  type: cluster.type,
  id: 'orders/0b7a1f52-2',
  arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0b7a1f52-2',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};

async function planFor(ClusterInfo: Cluster) {
  const aws: Aws = { send: async <Output>() => ({ ClusterInfo: { CurrentVersion: 'K1', State: 'ACTIVE', ...ClusterInfo } }) as Output };
  const state = await rule.inspect(resource, aws);
  const parameters = { level: 'PER_TOPIC_PER_BROKER' as const };
  return planOf(rule, resource, state, { parameters, detectedBy: 'MSK.2', now: new Date(0) });
}

const Provisioned = { NumberOfBrokerNodes: 3, BrokerNodeGroupInfo: { ClientSubnets: [], InstanceType: '' } };

it.each(['CREATING', 'UPDATING', 'HEALING'] as ClusterState[])('waits while a cluster is %s', async (State) => {
  expect(await planFor({ State, Provisioned })).toEqual({
    blocked: expect.stringContaining(State),
    code: 'being-modified',
  });
});

it('can do nothing for a cluster that has failed, or has no brokers of its own', async () => {
  expect(await planFor({ State: 'FAILED', Provisioned })).toEqual({
    unfixable: expect.stringContaining('Replace it'),
    code: 'resource-failed',
  });
  expect(await planFor({ Serverless: { VpcConfigs: [] } })).toEqual({
    unfixable: expect.stringContaining('serverless'),
    code: 'not-supported',
  });
});

it('takes back with the version of now', () => {
  const revertOwnPart = (level: string) =>
    rule
      .revertOwnPart?.(
        resource,
        { level, version: 'K9' },
        {
          before: { level: 'DEFAULT', version: 'K1' },
          after: { level: 'PER_TOPIC_PER_BROKER', version: 'K2' },
          parameters: { level: 'PER_TOPIC_PER_BROKER' },
        },
      )
      ?.map((command) => callOf(command).input);
  expect(revertOwnPart('PER_TOPIC_PER_BROKER')).toEqual([
    { ClusterArn: resource.arn, CurrentVersion: 'K9', EnhancedMonitoring: 'DEFAULT' },
  ]);
  expect(revertOwnPart('DEFAULT')).toEqual([]);
});

function clusterWith(EnhancedMonitoring: EnhancedMonitoring | undefined) {
  return async (world: World): Promise<string> => {
    const BrokerNodeGroupInfo = { ClientSubnets: ['subnet-1', 'subnet-2'], InstanceType: 'kafka.m7g.large' };
    const made = { BrokerNodeGroupInfo, KafkaVersion: '3.8.x', NumberOfBrokerNodes: 2, EnhancedMonitoring };
    const ClusterName = `cluster-${Math.random().toString(36).slice(2)}`;
    const { ClusterArn = '' } = await world.send(new CreateClusterV2Command({ ClusterName, Provisioned: made }));
    return ClusterArn;
  };
}

async function levelOf(world: World, ClusterArn: string): Promise<string | undefined> {
  const { ClusterInfo } = await world.send(new DescribeClusterV2Command({ ClusterArn }));
  return ClusterInfo?.Provisioned?.EnhancedMonitoring;
}

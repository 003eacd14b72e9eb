import {
  type Cluster,
  type ConnectivityInfo,
  CreateClusterV2Command,
  DescribeClusterV2Command,
  ListClustersV2Command,
  UpdateConnectivityCommand,
} from '@aws-sdk/client-kafka';
import { callOf } from '../../../functions/aws/call';
import { cluster } from '../../../rules/msk/cluster/resource';
import rule from '../../../rules/msk/cluster-not-public';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

const open = { PublicAccess: { Type: 'SERVICE_PROVIDED_EIPS' } };
const VpcConnectivity = { ClientAuthentication: { Sasl: { Iam: { Enabled: true } } } };

describeRule(rule, {
  violations: {
    'a public cluster that other VPCs reach too': {
      seed: clusterWith({ ...open, VpcConnectivity }),
      fixed: async (world, id) => expect(await connectivityOf(world, id)).toEqual({ PublicAccess: { Type: 'DISABLED' }, VpcConnectivity }),
      rolledBack: async (world, id) => expect(await connectivityOf(world, id)).toEqual({ ...open, VpcConnectivity }),
    },
    'a cluster that somebody changes before the rollback': {
      seed: clusterWith(open),
      meanwhile: async (world, ClusterArn) => {
        const { ClusterInfo } = await world.send(new DescribeClusterV2Command({ ClusterArn }));
        const ConnectivityInfo = { VpcConnectivity };
        await world.send(new UpdateConnectivityCommand({ ClusterArn, CurrentVersion: ClusterInfo?.CurrentVersion, ConnectivityInfo }));
      },
      rolledBack: async (world, id) => expect(await connectivityOf(world, id)).toEqual({ ...open, VpcConnectivity }),
    },
  },
  compliant: {
    'a private cluster': { seed: clusterWith({ PublicAccess: { Type: 'DISABLED' } }) },
    'a cluster of which nothing is said': { seed: clusterWith(undefined) },
  },
  missing: 'no-such-cluster/0b7a1f52-5b2c-4c1e-9d3e-8a4f6c7d8e9f-2',
  unexercised: {
    'ec2:DescribeRouteTables': 'MSK asks for it where it changes the connectivity.',
    'ec2:DescribeSubnets': 'MSK asks for it where it changes the connectivity.',
  },
});

const resource = {
  type: cluster.type,
  id: 'orders/0b7a1f52-2',
  arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0b7a1f52-2',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const answering = (answer: object): Aws => ({ send: async <Output>() => answer as Output });

async function planFor(ClusterInfo: Cluster) {
  const state = await rule.inspect(resource, answering({ ClusterInfo: { CurrentVersion: 'K1', ...ClusterInfo } }));
  return planOf(rule, resource, state, { parameters: {}, detectedBy: 'MSK.4', now: new Date(0) });
}

describe('the plan', () => {
  const Provisioned = { NumberOfBrokerNodes: 3, BrokerNodeGroupInfo: { ClientSubnets: [], InstanceType: '', ConnectivityInfo: open } };

  it.each(['CREATING', 'UPDATING', 'HEALING', 'MAINTENANCE', 'REBOOTING_BROKER'] as const)('waits while a cluster is %s', async (State) => {
    expect(await planFor({ State, Provisioned })).toEqual({
      blocked: expect.stringContaining(State),
      code: 'being-modified',
    });
  });

  it('can do nothing for a cluster that has failed', async () => {
    expect(await planFor({ State: 'FAILED', Provisioned })).toEqual({
      unfixable: expect.stringContaining('Replace it'),
      code: 'resource-failed',
    });
  });

  it('has nothing to say about a serverless cluster', async () => {
    expect(await planFor({ State: 'ACTIVE', Serverless: { VpcConfigs: [] } })).toEqual([]);
  });
});

it('takes nothing back that somebody has opened again', () => {
  const revertOwnPart = (publicAccess: string) =>
    rule
      .revertOwnPart?.(
        resource,
        { publicAccess, version: 'K9' },
        {
          before: { publicAccess: 'SERVICE_PROVIDED_EIPS', version: 'K1' },
          after: { publicAccess: 'DISABLED', version: 'K2' },
          parameters: {},
        },
      )
      ?.map((command) => callOf(command).input);
  expect(revertOwnPart('DISABLED')).toEqual([{ ClusterArn: resource.arn, CurrentVersion: 'K9', ConnectivityInfo: open }]);
  expect(revertOwnPart('SERVICE_PROVIDED_EIPS')).toEqual([]);
  expect(revertOwnPart('SOMETHING_NEW')).toBeUndefined();
});

it('lists the clusters of all pages that have brokers of their own', async () => {
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(ListClustersV2Command);
      const { ClusterTypeFilter, NextToken } = command.input as ListClustersV2Command['input'];
      expect(ClusterTypeFilter).toBe('PROVISIONED');
      const page =
        NextToken === undefined
          ? { ClusterInfoList: [{ ClusterArn: 'a' }], NextToken: 'more' }
          : { ClusterInfoList: [{ ClusterArn: 'b' }] };
      return page as Output;
    },
  };
  expect(await rule.list?.(resource, aws)).toEqual(['a', 'b']);
});

function clusterWith(ConnectivityInfo: ConnectivityInfo | undefined) {
  return async (world: World): Promise<string> => {
    const BrokerNodeGroupInfo = { ClientSubnets: ['subnet-1', 'subnet-2'], InstanceType: 'kafka.m7g.large', ConnectivityInfo };
    const Provisioned = { BrokerNodeGroupInfo, KafkaVersion: '3.8.x', NumberOfBrokerNodes: 2 };
    const ClusterName = `cluster-${Math.random().toString(36).slice(2)}`;
    const { ClusterArn = '' } = await world.send(new CreateClusterV2Command({ ClusterName, Provisioned, Tags: { team: 'red' } }));
    return ClusterArn;
  };
}

async function connectivityOf(world: World, ClusterArn: string): Promise<ConnectivityInfo | undefined> {
  const { ClusterInfo } = await world.send(new DescribeClusterV2Command({ ClusterArn }));
  return ClusterInfo?.Provisioned?.BrokerNodeGroupInfo?.ConnectivityInfo;
}

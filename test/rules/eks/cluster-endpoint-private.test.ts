import { type Cluster, DescribeClusterCommand } from '@aws-sdk/client-eks';
import { callOf } from '../../../functions/aws/call';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/eks/cluster-endpoint-private';
import { type Aws, type AwsCommand, notFound, type Plan } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { clusterWith } from './new-cluster';

const subnetIds = ['subnet-0a'];

describeRule(rule, {
  violations: {
    'a cluster that everybody reaches': {
      seed: clusterWith({}),
      fixed: (world, name) => expectEndpoints(world, name, { endpointPublicAccess: false, endpointPrivateAccess: true }),
    },
    'a cluster that some networks reach, and nobody by its VPC': {
      seed: clusterWith({
        resourcesVpcConfig: {
          subnetIds,
          endpointPublicAccess: true,
          endpointPrivateAccess: false,
          publicAccessCidrs: ['203.0.113.0/24', '198.51.100.0/24'],
        },
      }),
      fixed: (world, name) => expectEndpoints(world, name, { endpointPublicAccess: false, endpointPrivateAccess: true }),
      rolledBack: (world, name) =>
        expectEndpoints(world, name, {
          endpointPublicAccess: true,
          endpointPrivateAccess: false,
          publicAccessCidrs: ['198.51.100.0/24', '203.0.113.0/24'],
        }),
    },
  },
  compliant: {
    'a cluster that its VPC alone reaches': {
      seed: clusterWith({ resourcesVpcConfig: { subnetIds, endpointPublicAccess: false, endpointPrivateAccess: true } }),
    },
  },
  missing: 'no-such-cluster',
  unexercised: { 'ec2:DescribeVpcAttribute': 'moto tells the VPC of no cluster.' },
});

async function expectEndpoints(world: World, name: string, expected: object): Promise<void> {
  expect((await world.send(new DescribeClusterCommand({ name }))).cluster?.resourcesVpcConfig).toMatchObject(expected);
}

const resource = {
  type: 'AWS::EKS::Cluster',
  id: 'shop',
  arn: 'arn:aws:eks:eu-west-1:123456789012:cluster/shop',
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

interface Seen {
  readonly plan: Plan | typeof notFound;
  readonly asked: readonly string[];
}

/** What is planned for a cluster as EKS shows it, in a VPC of these attributes. */
async function planFor(cluster: Cluster, { support = true, hostnames = true } = {}): Promise<Seen> {
  const asked: string[] = [];
  const send = async (command: AwsCommand) => {
    const { operation, input } = callOf(command);
    asked.push(operation);
    if (operation === 'DescribeCluster') return { cluster: { status: 'ACTIVE', ...cluster } };
    expect(input).toMatchObject({ VpcId: 'vpc-0a' });
    return { EnableDnsSupport: { Value: support }, EnableDnsHostnames: { Value: hostnames } };
  };
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  const plan = state === notFound ? notFound : rule.plan(resource, state, { parameters: {}, detectedBy: 'EKS.1', now: new Date(0) });
  return { plan, asked };
}

describe('a cluster', () => {
  const open = { endpointPublicAccess: true, endpointPrivateAccess: false, publicAccessCidrs: ['0.0.0.0/0'], vpcId: 'vpc-0a' };

  it.each(['UPDATING', 'CREATING', 'PENDING'] as const)('is left for later while it is %s', async (status) => {
    const { plan } = await planFor({ status, resourcesVpcConfig: open });
    expect(plan).toEqual({ blocked: expect.stringContaining(status), code: 'being-modified' });
  });

  it('that has failed can not be changed', async () => {
    const { plan } = await planFor({ status: 'FAILED', resourcesVpcConfig: open });
    expect(plan).toEqual({ unfixable: expect.stringContaining('has failed'), code: 'resource-failed' });
  });

  it('that is being deleted is gone', async () => {
    expect((await planFor({ status: 'DELETING', resourcesVpcConfig: open })).plan).toBe(notFound);
  });

  it('that is only connected to EKS has no endpoints there', async () => {
    expect((await planFor({ connectorConfig: {} })).plan).toEqual([]);
  });

  it.each([{ support: false }, { hostnames: false }])('gets no private endpoint where its VPC would not resolve it: %j', async (vpc) => {
    const { plan } = await planFor({ resourcesVpcConfig: open }, vpc);
    expect(plan).toEqual({ unfixable: expect.stringContaining('vpc-0a could not resolve one'), code: 'vpc-dns-disabled' });
  });

  it('that has a private endpoint, or no public one, is not asked about its VPC', async () => {
    const both = await planFor({ resourcesVpcConfig: { ...open, endpointPrivateAccess: true } }, { support: false });
    expect(both.plan).toHaveLength(1);
    const none = await planFor({ resourcesVpcConfig: { ...open, endpointPublicAccess: false } });
    expect([...both.asked, ...none.asked]).toEqual(['DescribeCluster', 'DescribeCluster']);
  });

  it('is opened again to those that reached it before', async () => {
    const { plan } = await planFor({ resourcesVpcConfig: open });
    if (plan === notFound || !isChanges(plan)) throw new Error('No changes.');
    expect(plan.map(loggedChange)).toMatchObject([
      {
        do: { input: { name: 'shop', resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true } } },
        undo: {
          input: {
            name: 'shop',
            resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: false, publicAccessCidrs: ['0.0.0.0/0'] },
          },
        },
      },
    ]);
  });
});

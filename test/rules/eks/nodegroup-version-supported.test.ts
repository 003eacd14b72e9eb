import {
  CreateNodegroupCommand,
  type CreateNodegroupCommandInput,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
} from '@aws-sdk/client-eks';
import rule from '../../../rules/eks/nodegroup-version-supported';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { clusterWith } from './new-cluster';

describeRule(rule, {
  violations: {
    'a node group older than its cluster': { seed: nodegroupWith('1.34', { version: '1.32' }), outcome: 'awaiting-approval' },
    'a node group of a version that its owner no longer allows': {
      seed: nodegroupWith('1.34', { version: '1.33' }),
      parameters: { oldestVersionSupported: '1.34' },
      outcome: 'awaiting-approval',
    },
  },
  compliant: {
    'a node group in standard support': { seed: nodegroupWith('1.34', { version: '1.33' }) },
    'a node group in extended support that its owner allows': {
      seed: nodegroupWith('1.34', { version: '1.31' }),
      parameters: { oldestVersionSupported: '1.31' },
    },
  },
  obstacles: {
    'a node group of a cluster that is too old itself': {
      seed: nodegroupWith('1.32', { version: '1.31' }),
      outcome: 'unfixable',
      reason: /cluster runs Kubernetes 1\.32/,
    },
    "a node group with an image of its owner's": {
      seed: nodegroupWith('1.34', { version: '1.31', amiType: 'CUSTOM' }),
      outcome: 'unfixable',
      reason: /newer AMI/,
    },
    'a node group of Amazon Linux 2, which has no image with the version of its cluster': {
      seed: nodegroupWith('1.34', { version: '1.31', amiType: 'AL2_ARM_64' }),
      outcome: 'unfixable',
      reason: /no AMI with Kubernetes 1\.34/,
    },
    'another node group of that name': {
      seed: async (world) => (await nodegroupWith('1.34', { version: '1.31' })(world)).replace(/[^/]*$/, '0a'),
      outcome: 'resource-not-found',
    },
  },
  missing: 'no-such-cluster/nodes/0a',
});

function nodegroupWith(version: string, input: Partial<CreateNodegroupCommandInput>) {
  return async (world: World): Promise<string> => {
    const clusterName = await clusterWith({ version })(world);
    const nodeRole = `arn:aws:iam::${world.account}:role/nodes`;
    const { nodegroup } = await world.send(
      new CreateNodegroupCommand({
        clusterName,
        nodegroupName: 'nodes',
        nodeRole,
        subnets: ['subnet-0a'],
        amiType: 'AL2023_x86_64_STANDARD',
        ...input,
      }),
    );
    return nodegroup?.nodegroupArn ?? '';
  };
}

describe('the plan', () => {
  const id = 'shop/nodes/0a';
  const resource = {
    type: 'AWS::EKS::Nodegroup',
    id,
    arn: `arn:aws:eks:eu-west-1:123456789012:nodegroup/${id}`,
    partition: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
  };
  const context = { parameters: {}, detectedBy: 'EKS.9', now: new Date(0) };
  const old = { version: '1.31', cluster: '1.34', oldest: '1.33', image: 'AL2023_x86_64_STANDARD' };
  const plan = (status?: string) => rule.plan(resource, { ...old, ...(status && { status }) }, context);

  it('leads to the version of the cluster, and says what way back there is', () => {
    expect(plan()).toEqual([
      {
        do: expect.objectContaining({ input: { clusterName: 'shop', nodegroupName: 'nodes', version: '1.34' } }),
        irreversible: expect.stringMatching(/1\.34 to 1\.31 only together/),
      },
    ]);
  });

  it('waits while a node group is updating, and is none where it has failed', () => {
    expect(plan('UPDATING')).toEqual({ blocked: expect.stringContaining('UPDATING'), code: 'being-modified' });
    expect(plan('CREATE_FAILED')).toMatchObject({ unfixable: expect.stringContaining('CREATE_FAILED') });
    expect(rule.plan(resource, { ...old, clusterStatus: 'FAILED' }, context)).toHaveProperty('unfixable');
  });

  it('is made for Amazon Linux 2 as long as there are images', () => {
    const state = { ...old, version: '1.30', image: 'AL2_x86_64' };
    const parameters = { oldestVersionSupported: '1.31' };
    expect(rule.plan(resource, { ...state, cluster: '1.32' }, { ...context, parameters })).toHaveLength(1);
    expect(rule.plan(resource, { ...state, cluster: '1.33' }, { ...context, parameters })).toHaveProperty('unfixable');
  });

  it('is none where the cluster is gone', async () => {
    const send = async (command: AwsCommand) => {
      if (command instanceof DescribeNodegroupCommand)
        return { nodegroup: { nodegroupArn: resource.arn, status: 'ACTIVE', version: '1.31' } };
      if (command instanceof DescribeClusterCommand) return { cluster: { version: '1.34', status: 'DELETING' } };
      return { clusterVersions: [{ clusterVersion: '1.33' }] };
    };
    expect(await rule.inspect(resource, { send } as unknown as Aws)).toBe(notFound);
  });

  it('waits while the cluster is changed', async () => {
    const send = async (command: AwsCommand) => {
      if (command instanceof DescribeNodegroupCommand)
        return { nodegroup: { nodegroupArn: resource.arn, status: 'ACTIVE', version: '1.31' } };
      if (command instanceof DescribeClusterCommand) return { cluster: { version: '1.34', status: 'UPDATING' } };
      return { clusterVersions: [{ clusterVersion: '1.33' }] };
    };
    const state = await rule.inspect(resource, { send } as unknown as Aws);
    expect(state).toEqual({ version: '1.31', cluster: '1.34', oldest: '1.33', image: 'unknown', clusterStatus: 'UPDATING' });
    expect(rule.plan(resource, state as typeof old, context)).toEqual({
      blocked: expect.stringContaining('cluster is UPDATING'),
      code: 'being-modified',
    });
  });
});

it('lists the node groups of all clusters and pages that are still there', async () => {
  const missing = () => Promise.reject(Object.assign(new Error(), { name: 'ResourceNotFoundException' }));
  const send = async ({ input }: AwsCommand) => {
    const { clusterName, nodegroupName, nextToken } = input as Record<string, string | undefined>;
    if (nodegroupName) return nodegroupName === 'gone' ? missing() : { nodegroup: { nodegroupArn: `${clusterName}/${nodegroupName}` } };
    if (clusterName === 'gone') return missing();
    if (clusterName) return nextToken ? { nodegroups: ['b'] } : { nodegroups: ['a', 'gone'], nextToken: '2' };
    return nextToken ? { clusters: ['two'] } : { clusters: ['one', 'gone'], nextToken: '2' };
  };
  const place = { partition: 'aws', account: '123456789012', region: 'eu-west-1' };
  expect(await rule.list?.(place, { send } as unknown as Aws)).toEqual(['one/a', 'one/b', 'two/a', 'two/b']);
});

import { CreateNodegroupCommand, type CreateNodegroupCommandInput } from '@aws-sdk/client-eks';
import rule from '../../../rules/eks/nodegroup-version-supported';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { clusterWith } from './new-cluster';

describeRule(rule, {
  violations: {
    'a node group older than its cluster': { seed: nodegroupWith('1.34', { version: '1.32' }), outcome: 'asked' },
    'a node group of a version that its owner no longer allows': {
      seed: nodegroupWith('1.34', { version: '1.33' }),
      parameters: { oldestVersionSupported: '1.34' },
      outcome: 'asked',
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
      reason: /cluster itself runs Kubernetes 1\.32/,
    },
    "a node group with an image of its owner's": {
      seed: nodegroupWith('1.34', { version: '1.31', amiType: 'CUSTOM' }),
      outcome: 'unfixable',
      reason: /newer image/,
    },
    'another node group of that name': {
      seed: async (world) => (await nodegroupWith('1.34', { version: '1.31' })(world)).replace(/[^/]*$/, '0a'),
      outcome: 'resource-gone',
    },
  },
  missing: 'no-such-cluster/nodes/0a',
  unexercised: { 'eks:UpdateNodegroupVersion': 'It is irreversible, and waits for an approval.' },
});

function nodegroupWith(version: string, input: Partial<CreateNodegroupCommandInput>) {
  return async (world: World): Promise<string> => {
    const clusterName = await clusterWith({ version })(world);
    const nodeRole = `arn:aws:iam::${world.account}:role/nodes`;
    const { nodegroup } = await world.send(
      new CreateNodegroupCommand({ clusterName, nodegroupName: 'nodes', nodeRole, subnets: ['subnet-0a'], ...input }),
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
  const plan = (status?: string) =>
    rule.plan(
      resource,
      { version: '1.31', cluster: '1.34', oldest: '1.33', ownImage: false, ...(status && { status }) },
      { parameters: {}, detectedBy: 'EKS.9', now: new Date(0) },
    );

  it('leads to the version of the cluster, and says that there is no way back', () => {
    expect(plan()).toEqual([
      {
        do: expect.objectContaining({ input: { clusterName: 'shop', nodegroupName: 'nodes', version: '1.34' } }),
        irreversible: expect.stringContaining('1.34 to 1.31'),
      },
    ]);
  });

  it('waits while a node group is updating, and is none where it has failed', () => {
    expect(plan('UPDATING')).toEqual({ blocked: expect.stringContaining('UPDATING') });
    expect(plan('CREATE_FAILED')).toEqual({ unfixable: expect.stringContaining('CREATE_FAILED') });
  });
});

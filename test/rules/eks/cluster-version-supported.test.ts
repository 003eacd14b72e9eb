import rule from '../../../rules/eks/cluster-version-supported';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { clusterWith } from './new-cluster';

describeRule(rule, {
  violations: {
    'a cluster in extended support': { seed: clusterWith({ version: '1.32' }), outcome: 'asked' },
    'a cluster of a version that its owner no longer allows': {
      seed: clusterWith({ version: '1.33' }),
      parameters: { oldestVersionSupported: '1.34' },
      outcome: 'asked',
    },
  },
  compliant: {
    'a cluster of the oldest version in standard support': { seed: clusterWith({ version: '1.33' }) },
    'a cluster in extended support that its owner allows': {
      seed: clusterWith({ version: '1.31' }),
      parameters: { oldestVersionSupported: '1.31' },
    },
  },
  missing: 'no-such-cluster',
  unexercised: {
    'eks:UpdateClusterVersion': 'It is irreversible, and waits for an approval.',
  },
});

const resource = {
  type: 'AWS::EKS::Cluster',
  id: 'shop',
  arn: 'arn:aws:eks:eu-west-1:123456789012:cluster/shop',
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'EKS.2', now: new Date(0) };

describe('the plan', () => {
  const old = { version: '1.9', oldest: '1.33' };

  it('goes up by one version, and says that there is no way back', () => {
    expect(rule.plan(resource, old, context)).toEqual([
      { do: expect.objectContaining({ input: { name: 'shop', version: '1.10' } }), irreversible: expect.stringContaining('1.10 to 1.9') },
    ]);
  });

  it('tells versions apart by number', () => {
    expect(rule.plan(resource, { version: '1.100', oldest: '1.99' }, context)).toEqual([]);
  });

  it('waits while a cluster is updating, and is none where it has failed or runs elsewhere', () => {
    expect(rule.plan(resource, { ...old, status: 'UPDATING' }, context)).toEqual({ blocked: expect.stringContaining('UPDATING') });
    expect(rule.plan(resource, { ...old, status: 'FAILED' }, context)).toEqual({ unfixable: expect.stringContaining('has failed') });
    expect(rule.plan(resource, { ...old, connected: true }, context)).toEqual({ unfixable: expect.stringContaining('where it runs') });
  });
});

it('does not guess where EKS names no version in standard support', async () => {
  const send = async ({ input }: AwsCommand) => ('name' in input ? { cluster: { version: '1.30', status: 'ACTIVE' } } : {});
  await expect(rule.inspect(resource, { send } as unknown as Aws)).rejects.toThrow('in standard support');
});

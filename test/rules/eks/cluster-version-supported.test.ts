import rule from '../../../rules/eks/cluster-version-supported';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { clusterWith } from './new-cluster';

describeRule(rule, {
  violations: {
    'a cluster in extended support': { seed: clusterWith({ version: '1.32' }), outcome: 'awaiting-approval' },
    'a cluster of a version that its owner no longer allows': {
      seed: clusterWith({ version: '1.33' }),
      parameters: { oldestVersionSupported: '1.34' },
      outcome: 'awaiting-approval',
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
  const old = { version: '1.9', oldest: '1.33', hindrances: [] };

  it('goes up by one version, and says what way back there is', () => {
    expect(rule.plan(resource, old, context)).toEqual([
      {
        do: expect.objectContaining({ input: { name: 'shop', version: '1.10' } }),
        irreversible: expect.stringMatching(/from Kubernetes 1\.10 to 1\.9 for only seven days/),
      },
    ]);
  });

  it('is none where AWS EKS finds that the cluster is not ready', () => {
    expect(rule.plan(resource, { ...old, hindrances: ['Kubelet version skew'] }, context)).toEqual({
      unfixable: expect.stringContaining('not ready for Kubernetes 1.10: Kubelet version skew.'),
      code: 'upgrade-insights-failing',
    });
  });

  it('tells versions apart by number', () => {
    expect(rule.plan(resource, { version: '1.100', oldest: '1.99', hindrances: [] }, context)).toEqual([]);
  });

  it('waits while a cluster is updating, and is none where it has failed or runs elsewhere', () => {
    expect(rule.plan(resource, { ...old, status: 'UPDATING' }, context)).toEqual({
      blocked: expect.stringContaining('UPDATING'),
      code: 'being-modified',
    });
    expect(rule.plan(resource, { ...old, status: 'FAILED' }, context)).toEqual({
      unfixable: expect.stringContaining('has failed'),
      code: 'resource-failed',
    });
    expect(rule.plan(resource, { ...old, connected: true }, context)).toEqual({
      unfixable: expect.stringContaining('where it runs'),
      code: 'connected-cluster',
    });
  });
});

describe('what keeps a cluster from the next version', () => {
  const inspect = async (cluster: object, parameters = {}) => {
    const asked: object[] = [];
    const send = async ({ input }: AwsCommand) => {
      if ('name' in input) return { cluster: { status: 'ACTIVE', ...cluster } };
      if ('versionStatus' in input) return { clusterVersions: [{ clusterVersion: '1.33' }] };
      asked.push(input);
      return 'nextToken' in input && input.nextToken ? { insights: [{ name: 'A' }] } : { insights: [{ name: 'B' }, {}], nextToken: '2' };
    };
    return { state: await rule.inspect(resource, { send } as unknown as Aws, parameters), asked };
  };

  it('is read of all pages, for that version alone', async () => {
    const { state, asked } = await inspect({ version: '1.31' });
    expect(state).toEqual({ version: '1.31', oldest: '1.33', hindrances: ['A', 'B', 'an insight without a name'] });
    const filter = { categories: ['UPGRADE_READINESS'], kubernetesVersions: ['1.32'], statuses: ['ERROR'] };
    expect(asked).toMatchObject([
      { clusterName: 'shop', filter },
      { clusterName: 'shop', filter, nextToken: '2' },
    ]);
  });

  it('is not asked for where the cluster is new enough, or runs elsewhere', async () => {
    const seen = [
      await inspect({ version: '1.33' }),
      await inspect({ version: '1.31' }, { oldestVersionSupported: '1.31' }),
      await inspect({ version: '1.31', connectorConfig: {} }),
    ];
    expect(seen.flatMap(({ asked }) => asked)).toEqual([]);
    expect((await inspect({ version: '1.33' }, { oldestVersionSupported: '1.34' })).asked).toHaveLength(2);
  });
});

it('does not guess where EKS names no version in standard support', async () => {
  const send = async ({ input }: AwsCommand) => ('name' in input ? { cluster: { version: '1.30', status: 'ACTIVE' } } : {});
  await expect(rule.inspect(resource, { send } as unknown as Aws)).rejects.toThrow('in standard support');
});

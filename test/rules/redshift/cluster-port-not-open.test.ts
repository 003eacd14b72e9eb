import type { IpPermission } from '@aws-sdk/client-ec2';
import rule from '../../../rules/redshift/cluster-port-not-open';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { groupWith, ingressOf, noPrefixList, permit, prefixList, ranges, tcp, udp, useMissingPrefixList } from '../ec2/security-group/seed';
import { clusterOf, clusterWith, planFor, sales } from './cluster/seed';

useMissingPrefixList();

describeRule(rule, {
  violations: {
    'a cluster that everybody reaches, beside a network': {
      seed: clusterAt(5439, [tcp(5439, 5439, '0.0.0.0/0', '::/0', '10.0.0.0/8'), tcp(443, 443, '0.0.0.0/0')]),
      async fixed(world, id) {
        expect(await ingressOfAll(world, id)).toEqual([
          ['tcp 443-443 0.0.0.0/0 (from 0.0.0.0/0)', 'tcp 5439-5439 10.0.0.0/8 (from 10.0.0.0/8)'],
        ]);
      },
    },
    'a cluster at another port, in two groups': {
      seed: clusterAt(5454, [tcp(5400, 5500, '0.0.0.0/0'), udp(5454, '0.0.0.0/0')], [{ IpProtocol: '-1', ...ranges(['::/0']) }]),
      async fixed(world, id) {
        expect((await ingressOfAll(world, id)).toSorted()).toEqual([[], ['udp 5454-5454 0.0.0.0/0 (from 0.0.0.0/0)']]);
      },
    },
    'a cluster that two halves of the internet reach, one in each of its groups': {
      seed: clusterAt(5439, [tcp(5439, 5439, '0.0.0.0/1', '10.0.0.0/8')], [{ IpProtocol: '-1', ...ranges(['128.0.0.0/1']) }]),
      async fixed(world, id) {
        expect((await ingressOfAll(world, id)).toSorted()).toEqual([[], ['tcp 5439-5439 10.0.0.0/8 (from 10.0.0.0/8)']]);
      },
    },
    'a cluster that a prefix list of the internet reaches': {
      seed: async (world) => {
        const PrefixListIds = [{ PrefixListId: await prefixList(world, '0.0.0.0/0') }];
        return clusterAt(5439, [{ ...tcp(5439, 5439), PrefixListIds }])(world);
      },
    },
    'an opening, where somebody adds another permission before the rollback': {
      seed: clusterAt(5439, [tcp(5439, 5439, '0.0.0.0/0')]),
      async meanwhile(world, id) {
        const [group = ''] = await groupsOf(world, id);
        await permit(world, group, tcp(5439, 5439, '::/0'));
      },
      async rolledBack(world, id) {
        expect(await ingressOfAll(world, id)).toEqual([['tcp 5439-5439 0.0.0.0/0 (from 0.0.0.0/0)', 'tcp 5439-5439 ::/0 (from ::/0)']]);
      },
    },
  },
  compliant: {
    'a cluster that a network reaches': { seed: clusterAt(5439, [tcp(5439, 5439, '10.0.0.0/8')]) },
    'a cluster in a group that opens other ports': {
      seed: clusterAt(5439, [tcp(80, 5438, '0.0.0.0/0'), tcp(5440, 65535, '::/0'), udp(5439, '0.0.0.0/0')]),
    },
    'a cluster that half of the internet reaches': { seed: clusterAt(5439, [tcp(5439, 5439, '0.0.0.0/1')]) },
    'a cluster in no group': { seed: clusterAt(5439) },
  },
  obstacles: {
    'a cluster that a prefix list reaches which does not exist any more': {
      seed: clusterAt(5439, [{ ...tcp(5439, 5439), PrefixListIds: [{ PrefixListId: noPrefixList }] }]),
      outcome: 'unfixable',
      reason: /addresses of .+ are unknown/,
    },
  },
  missing: 'no-such-cluster',
  unexercised: {
    'ec2:CreateTags': 'AWS asks for it where a permission is authorized again with its tags.',
    'ec2:AuthorizeSecurityGroupIngress on arn:{partition}:ec2:{region}:{account}:security-group-rule/*':
      'AWS asks for it where a permission is authorized again with its tags.',
  },
});

it('leaves the groups of another account to it', () => {
  const open = [{ protocol: 'tcp', from: 5439, to: 5439, ipv4: '0.0.0.0/0', tags: {} }];
  const plan = rule.plan(
    sales,
    { port: 5439, groups: [{ id: 'sg-1', owner: '999988887777', open }] },
    { parameters: {}, detectedBy: 'Redshift.15', now: new Date(0) },
  );
  expect(plan).toEqual({ unfixable: expect.stringContaining('belongs to account 999988887777'), code: 'owned-by-other-account' });
});

it('has nothing to say about groups of another account that open nothing', () => {
  const group = { id: 'sg-1', owner: '999988887777', open: [] };
  expect(rule.plan(sales, { port: 5439, groups: [group] }, { parameters: {}, detectedBy: 'Redshift.15', now: new Date(0) })).toEqual([]);
});

it('waits until a cluster has an address', async () => {
  expect(await planFor(rule, { ClusterStatus: 'creating' })).toEqual({
    blocked: expect.stringContaining('creating'),
    code: 'being-modified',
  });
  expect(await planFor(rule, { ClusterStatus: 'available' })).toEqual({
    blocked: expect.stringContaining('no endpoint yet'),
    code: 'not-available',
  });
  expect(await planFor(rule, { ClusterStatus: 'incompatible-restore' })).toEqual({
    unfixable: expect.stringContaining('incompatible-restore'),
    code: 'resource-failed',
  });
});

function clusterAt(Port: number, ...groups: readonly IpPermission[][]) {
  return async (world: World): Promise<string> => {
    const VpcSecurityGroupIds: string[] = [];
    for (const permissions of groups) VpcSecurityGroupIds.push(await groupWith(world, ...permissions));
    return clusterWith({ Port, VpcSecurityGroupIds })(world);
  };
}

async function groupsOf(world: World, id: string): Promise<readonly string[]> {
  const { VpcSecurityGroups = [] } = await clusterOf(world, id);
  return VpcSecurityGroups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
}

async function ingressOfAll(world: World, id: string): Promise<readonly (readonly string[])[]> {
  return Promise.all((await groupsOf(world, id)).map((group) => ingressOf(world, group)));
}

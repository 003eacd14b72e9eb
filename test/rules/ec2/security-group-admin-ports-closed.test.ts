import { AuthorizeSecurityGroupIngressCommand, type RevokeSecurityGroupIngressCommandInput } from '@aws-sdk/client-ec2';
import type * as z from 'zod';
import { isChanges } from '../../../functions/plan/change';
import type { Permission } from '../../../rules/ec2/security-group/permission';
import rule from '../../../rules/ec2/security-group-admin-ports-closed';
import type { Aws, Plan } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import {
  groupWith,
  ingressOf,
  noPrefixList,
  permit,
  permitExempt,
  prefixList,
  ranges,
  tcp,
  udp,
  useMissingPrefixList,
} from './security-group/seed';

useMissingPrefixList();

describeRule(rule, {
  violations: {
    'port 22 open to everybody, beside ranges, a prefix list and a group in the same permission': {
      async seed(world) {
        const id = await groupWith(world, tcp(443, 443, '0.0.0.0/0'));
        const lists = [{ PrefixListId: await prefixList(world) }];
        const groups = [{ GroupId: id }, { GroupId: await groupWith(world), UserId: '111122223333' }];
        const mixed = tcp(22, 22, '0.0.0.0/0', '198.51.100.0/24', '::/0', '2001:db8::/48');
        await permit(
          world,
          id,
          { ...mixed, PrefixListIds: lists, UserIdGroupPairs: groups },
          { IpProtocol: '-1', UserIdGroupPairs: groups },
        );
        return id;
      },
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual([
          expect.stringMatching(/^-1 -1--1 sg-/),
          expect.stringMatching(/^-1 -1--1 sg-/),
          'tcp 22-22 198.51.100.0/24 (from 198.51.100.0/24)',
          'tcp 22-22 2001:db8::/48 (from 2001:db8::/48)',
          expect.stringMatching(/^tcp 22-22 pl-/),
          expect.stringMatching(/^tcp 22-22 sg-/),
          expect.stringMatching(/^tcp 22-22 sg-/),
          'tcp 443-443 0.0.0.0/0 (from 0.0.0.0/0)',
        ]);
      },
      async rolledBack(world, id) {
        expect(await ingressOf(world, id)).toContain('tcp 22-22 0.0.0.0/0 (from 0.0.0.0/0)');
        expect(await ingressOf(world, id)).toHaveLength(10);
      },
    },
    'permissions with tags of their own': {
      async seed(world) {
        const id = await groupWith(world, tcp(22, 22, '0.0.0.0/0'));
        await world.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: id,
            IpPermissions: [tcp(0, 65535, '::/0')],
            TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'owner', Value: 'web team' }] }],
          }),
        );
        return id;
      },
      async rolledBack(world, id) {
        expect(await ingressOf(world, id)).toEqual(['tcp 0-65535 ::/0 (from ::/0) owner=web team', 'tcp 22-22 0.0.0.0/0 (from 0.0.0.0/0)']);
      },
    },
    'an opening beside one that its own tag exempts': {
      seed: async (world) => {
        const id = await groupWith(world, tcp(22, 22, '0.0.0.0/0'));
        await permitExempt(world, id, tcp(22, 22, '::/0'), 'all until 2099-12-31');
        return id;
      },
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual(['tcp 22-22 ::/0 (from ::/0) posture:exempt=all until 2099-12-31']);
      },
    },
    'an opening whose exemption has expired': {
      seed: async (world) => {
        const id = await groupWith(world);
        await permitExempt(world, id, tcp(22, 22, '::/0'), 'all until 2020-12-31');
        return id;
      },
    },
    'two halves of the internet, over several permissions': {
      seed: (world) => groupWith(world, tcp(22, 22, '0.0.0.0/1', '10.0.0.0/8'), tcp(20, 30, '128.0.0.0/1', '192.0.2.0/24')),
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual([
          'tcp 20-30 192.0.2.0/24 (from 192.0.2.0/24)',
          'tcp 22-22 10.0.0.0/8 (from 10.0.0.0/8)',
        ]);
      },
    },
    'a prefix list that contains the internet, beside one that does not': {
      seed: async (world) => {
        const lists = [await prefixList(world, '203.0.113.0/24', '0.0.0.0/0'), await prefixList(world)];
        return groupWith(world, { ...tcp(22, 22), PrefixListIds: lists.map((PrefixListId) => ({ PrefixListId })) });
      },
      fixed: async (world, id) => expect(await ingressOf(world, id)).toHaveLength(1),
      rolledBack: async (world, id) => expect(await ingressOf(world, id)).toHaveLength(2),
    },
    'halves of the internet, one in a prefix list': {
      seed: async (world) => {
        const PrefixListId = await prefixList(world, '198.51.100.0/24', '8000::/1');
        return groupWith(world, tcp(22, 22, '::/1', '10.0.0.0/8'), { ...tcp(22, 23), PrefixListIds: [{ PrefixListId }] });
      },
      fixed: async (world, id) => expect(await ingressOf(world, id)).toEqual(['tcp 22-22 10.0.0.0/8 (from 10.0.0.0/8)']),
    },
    'all traffic let in from everywhere': {
      seed: (world) => groupWith(world, { IpProtocol: '-1', ...ranges(['0.0.0.0/0', '10.0.0.0/8']) }),
      detectedBy: 'restricted-ssh',
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual(['-1 -1--1 10.0.0.0/8 (from 10.0.0.0/8)']);
      },
    },
    'port 3389 open over TCP, beside UDP and port 22, which are not what the finding is about': {
      seed: (world) => groupWith(world, tcp(3389, 3389, '0.0.0.0/0'), udp(3389, '0.0.0.0/0'), tcp(22, 22, '0.0.0.0/0')),
      detectedBy: 'EC2.14',
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual(['tcp 22-22 0.0.0.0/0 (from 0.0.0.0/0)', 'udp 3389-3389 0.0.0.0/0 (from 0.0.0.0/0)']);
      },
    },
    'port 3389 open over UDP, where the finding is about both protocols': {
      seed: (world) => groupWith(world, udp(3389, '0.0.0.0/0')),
      detectedBy: 'EC2.53',
    },
    'ports of administration open by IPv6 and by IPv4, where the finding is about IPv6': {
      seed: (world) => groupWith(world, tcp(22, 22, '0.0.0.0/0', '::/1', '8000::/1'), tcp(3000, 4000, '::/0')),
      detectedBy: 'EC2.54',
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual(['tcp 22-22 0.0.0.0/0 (from 0.0.0.0/0)']);
      },
    },
    'a port that the owner of the policy has added, and a range wider than allowed': {
      seed: (world) => groupWith(world, tcp(6379, 6379, '0.0.0.0/0', '16.0.0.0/7', '10.0.0.0/8', '2000::/3')),
      parameters: { alsoPorts: [6379], shortestIpv4Prefix: 8, shortestIpv6Prefix: 16 },
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual(['tcp 6379-6379 10.0.0.0/8 (from 10.0.0.0/8)']);
      },
    },
    'an opening, where somebody adds another permission before the rollback': {
      seed: (world) => groupWith(world, tcp(22, 22, '0.0.0.0/0', '::/0')),
      meanwhile: (world, id) => permit(world, id, tcp(8443, 8443, '0.0.0.0/0'), tcp(22, 22, '::/0')),
      async rolledBack(world, id) {
        expect(await ingressOf(world, id)).toEqual([
          'tcp 22-22 0.0.0.0/0 (from 0.0.0.0/0)',
          'tcp 22-22 ::/0 (from ::/0)',
          'tcp 8443-8443 0.0.0.0/0 (from 0.0.0.0/0)',
        ]);
      },
    },
  },
  compliant: {
    'a group without permissions': { seed: (world) => groupWith(world) },
    'web ports open to everybody': { seed: (world) => groupWith(world, tcp(80, 80, '0.0.0.0/0'), tcp(443, 443, '0.0.0.0/0', '::/0')) },
    'port 22 for half of the internet': { seed: (world) => groupWith(world, tcp(22, 22, '0.0.0.0/1', '128.0.0.0/2')) },
    'ICMP from everywhere': {
      seed: (world) => groupWith(world, { IpProtocol: 'icmp', FromPort: 22, ToPort: 22, ...ranges(['0.0.0.0/0']) }),
    },
    'port 22 for a prefix list': {
      seed: async (world) => groupWith(world, { ...tcp(22, 22), PrefixListIds: [{ PrefixListId: await prefixList(world) }] }),
    },
  },
  obstacles: {
    'a prefix list that does not exist any more': {
      seed: (world) => groupWith(world, { ...tcp(22, 22), PrefixListIds: [{ PrefixListId: noPrefixList }] }),
      outcome: 'unfixable',
      reason: /addresses of the security group rule for tcp 22 of pl-0123456789abcdef0 are unknown/,
    },
    'an opening that its own tag exempts': {
      seed: async (world) => {
        const id = await groupWith(world);
        await permitExempt(world, id, tcp(22, 22, '::/0'), 'ec2-security-group-admin-ports-closed');
        return id;
      },
      outcome: 'exempt',
      reason: /the security group rule for tcp 22 of ::\/0 is left: the tag posture:exempt names this rule/,
    },
  },
  missing: 'sg-0123456789abcdef0',
});

const resource = {
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
  id: 'sg-0a',
  arn: 'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0a',
};
const permission = (cidr: string, over: Partial<Permission> = {}): Permission => ({
  protocol: 'tcp',
  from: 22,
  to: 22,
  ...(cidr.includes(':') ? { ipv6: cidr } : { ipv4: cidr }),
  tags: {},
  ...over,
});
const planFor = (ranges: readonly Permission[], detectedBy = 'EC2.13', { owner = resource.account, parameters = {} } = {}) =>
  rule.plan(resource, { owner, ranges }, { parameters: rule.parameters?.parse(parameters) as Parameters, detectedBy, now: new Date(0) });
type Parameters = z.infer<NonNullable<typeof rule.parameters>>;

const revoked = (plan: Plan): readonly string[] => {
  if (!isChanges(plan)) throw new Error(JSON.stringify(plan));
  return plan.flatMap(({ do: { input } }) => {
    const { IpPermissions = [] } = input as RevokeSecurityGroupIngressCommandInput;
    return IpPermissions.flatMap(({ IpRanges = [], Ipv6Ranges = [] }) => [
      ...IpRanges.map(({ CidrIp = '' }) => CidrIp),
      ...Ipv6Ranges.map(({ CidrIpv6 = '' }) => CidrIpv6),
    ]);
  });
};

describe('a plan', () => {
  it('closes ranges that add up only where they open one port of one protocol by one family', () => {
    const half = permission('0.0.0.0/1');
    expect(planFor([half, permission('128.0.0.0/1', { protocol: 'udp' })])).toEqual([]);
    expect(planFor([half, permission('128.0.0.0/1', { from: 23, to: 30 })])).toEqual([]);
    expect(planFor([half, permission('128.0.0.0/1', { protocol: 'udp' })], 'EC2.53')).toEqual([]);
    expect(planFor([half, permission('8000::/1')])).toEqual([]);
    expect(revoked(planFor([half, permission('128.0.0.0/1', { protocol: '-1', from: -1, to: -1 })]))).toHaveLength(2);
  });

  it.each([
    ['EC2.13', 22],
    ['restricted-ssh', 22],
    ['EC2.14', 3389],
    ['EC2.19', 5000],
    ['restricted-common-ports', 3306],
  ])('for %s closes TCP alone, such as its port %i', (detectedBy, number) => {
    const everyUdp = permission('0.0.0.0/0', { protocol: 'udp', from: 0, to: 65_535 });
    expect(planFor([everyUdp], detectedBy)).toEqual([]);
    expect(revoked(planFor([everyUdp, permission('::/0', { from: number, to: number })], detectedBy))).toEqual(['::/0']);
  });

  it.each(['EC2.53', 'vpc-sg-port-restriction-check'])('for %s closes UDP as well', (detectedBy) => {
    expect(revoked(planFor([permission('0.0.0.0/0', { protocol: 'udp', from: 0, to: 65_535 })], detectedBy))).toEqual(['0.0.0.0/0']);
  });

  it('closes by IPv4 or IPv6 alone where the control is about one of them', () => {
    const everybody = [permission('0.0.0.0/0'), permission('::/0')];
    expect(revoked(planFor(everybody, 'EC2.53'))).toEqual(['0.0.0.0/0']);
    expect(revoked(planFor(everybody, 'EC2.54'))).toEqual(['::/0']);
    expect(revoked(planFor(everybody, 'EC2.13'))).toEqual(['0.0.0.0/0', '::/0']);
  });

  it('closes other ports than those of the control where the policy says so', () => {
    const open = [permission('0.0.0.0/0'), permission('::/0', { from: 2222, to: 2222 })];
    expect(revoked(planFor(open, 'EC2.13', { parameters: { ports: [2222] } }))).toEqual(['::/0']);
    expect(revoked(planFor(open, 'EC2.13', { parameters: { alsoPorts: [2222] } }))).toEqual(['0.0.0.0/0', '::/0']);
  });

  it('passes over a range that it cannot read', () => {
    expect(planFor([permission('everywhere')])).toEqual([]);
  });

  it('is refused for a group that belongs to another account', () => {
    expect(planFor([permission('0.0.0.0/0')], 'EC2.13', { owner: '999999999999' })).toEqual({
      unfixable: 'The security group sg-0a belongs to account 999999999999, and only that account can change it.',
      code: 'owned-by-other-account',
    });
    expect(planFor([permission('10.0.0.0/8')], 'EC2.13', { owner: '999999999999' })).toEqual([]);
  });

  it.each([
    ['EC2.13', [22]],
    ['restricted-ssh', [22]],
    ['EC2.14', [3389]],
    ['EC2.53', [22, 3389]],
    ['vpc-sg-port-restriction-check', [22, 3389]],
    ['restricted-common-ports', [20, 21, 3306, 3389, 4333]],
    [
      'EC2.19',
      [20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200, 9300],
    ],
  ])('for %s closes its ports and no other', (detectedBy, ports) => {
    const closes = (number: number) => revoked(planFor([permission('0.0.0.0/0', { from: number, to: number })], detectedBy)).length > 0;
    expect([...Array(10_000).keys()].filter(closes)).toEqual(ports);
  });
});

it('reads all pages of the permissions, and of the groups', async () => {
  const sent: unknown[] = [];
  const pages: Record<string, object> = {
    first: {
      SecurityGroups: [{ GroupId: 'sg-0a', GroupName: 'web', OwnerId: '123456789012' }],
      SecurityGroupRules: [{ IsEgress: false, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv4: '0.0.0.0/0' }],
      NextToken: 'second',
    },
    second: {
      SecurityGroups: [{ GroupId: 'sg-0b', GroupName: 'web', OwnerId: '123456789012' }],
      SecurityGroupRules: [{ IsEgress: false, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' }],
    },
  };
  const aws = {
    async send({ input }: { input: { NextToken?: string } }) {
      sent.push(input);
      return pages[input.NextToken ?? 'first'];
    },
  } as unknown as Aws;
  const state = await rule.inspect(resource, aws);
  expect(state).toMatchObject({ ranges: [{ from: 22 }, { from: 443 }] });
  expect(await rule.list?.(resource, aws)).toEqual(['sg-0a', 'sg-0b']);
});

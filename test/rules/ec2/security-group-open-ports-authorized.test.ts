import { AuthorizeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import type * as z from 'zod';
import { isChanges } from '../../../functions/plan/change';
import type { Permission } from '../../../rules/ec2/security-group/permission';
import rule from '../../../rules/ec2/security-group-open-ports-authorized';
import { describeRule } from '../../contract/describe-rule';
import * as fc from '../../fast-check';
import { groupWith, ingressOf, noPrefixList, permit, prefixList, ranges, tcp, udp, useMissingPrefixList } from './security-group/seed';

useMissingPrefixList();

describeRule(rule, {
  violations: {
    'ports open to everybody, beside the web and a network': {
      seed: (world) => groupWith(world, tcp(443, 443, '0.0.0.0/0', '::/0'), tcp(8080, 8081, '0.0.0.0/0', '::/0', '10.0.0.0/8')),
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual([
          'tcp 443-443 0.0.0.0/0 (from 0.0.0.0/0)',
          'tcp 443-443 ::/0 (from ::/0)',
          'tcp 8080-8081 10.0.0.0/8 (from 10.0.0.0/8)',
        ]);
      },
    },
    'a prefix list that contains the internet, beside one that does not': {
      seed: async (world) => {
        const lists = [await prefixList(world, '203.0.113.0/24', '0.0.0.0/0'), await prefixList(world)];
        return groupWith(world, { ...tcp(8080, 8080), PrefixListIds: lists.map((PrefixListId) => ({ PrefixListId })) });
      },
      fixed: async (world, id) => expect(await ingressOf(world, id)).toHaveLength(1),
      rolledBack: async (world, id) => expect(await ingressOf(world, id)).toHaveLength(2),
    },
    'halves of the internet, one in a prefix list': {
      seed: async (world) => {
        const PrefixListId = await prefixList(world, '198.51.100.0/24', '8000::/1');
        return groupWith(world, tcp(8080, 8080, '::/1', '10.0.0.0/8'), { ...tcp(8080, 8081), PrefixListIds: [{ PrefixListId }] });
      },
      fixed: async (world, id) => expect(await ingressOf(world, id)).toEqual(['tcp 8080-8080 10.0.0.0/8 (from 10.0.0.0/8)']),
    },
    'two halves of the internet, over several permissions': {
      seed: (world) => groupWith(world, tcp(8080, 8080, '0.0.0.0/1', '10.0.0.0/8'), tcp(8000, 9000, '128.0.0.0/1', '192.0.2.0/24')),
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual([
          'tcp 8000-9000 192.0.2.0/24 (from 192.0.2.0/24)',
          'tcp 8080-8080 10.0.0.0/8 (from 10.0.0.0/8)',
        ]);
      },
    },
    'all traffic let in from everywhere': {
      seed: (world) => groupWith(world, { IpProtocol: '-1', ...ranges(['0.0.0.0/0', '10.0.0.0/8']) }),
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual(['-1 -1--1 10.0.0.0/8 (from 10.0.0.0/8)']);
      },
    },
    'a UDP port of the same number as an authorized TCP port': { seed: (world) => groupWith(world, udp(443, '0.0.0.0/0')) },
    'a port that the owner does not authorize any more': {
      seed: (world) => groupWith(world, tcp(80, 80, '0.0.0.0/0'), tcp(443, 443, '0.0.0.0/0'), udp(500, '::/0')),
      parameters: { authorizedTcpPorts: '443', authorizedUdpPorts: '500,4500' },
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual(['tcp 443-443 0.0.0.0/0 (from 0.0.0.0/0)', 'udp 500-500 ::/0 (from ::/0)']);
      },
    },
    'an opening with a tag, where somebody adds another permission before the rollback': {
      async seed(world) {
        const GroupId = await groupWith(world);
        await world.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId,
            IpPermissions: [tcp(8080, 8080, '0.0.0.0/0')],
            TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'owner', Value: 'web team' }] }],
          }),
        );
        return GroupId;
      },
      meanwhile: (world, id) => permit(world, id, tcp(80, 80, '0.0.0.0/0')),
      async rolledBack(world, id) {
        expect(await ingressOf(world, id)).toEqual([
          'tcp 80-80 0.0.0.0/0 (from 0.0.0.0/0)',
          'tcp 8080-8080 0.0.0.0/0 (from 0.0.0.0/0) owner=web team',
        ]);
      },
    },
  },
  compliant: {
    'the web open to everybody': { seed: (world) => groupWith(world, tcp(80, 80, '0.0.0.0/0'), tcp(443, 443, '::/0')) },
    'any port for half of the internet': { seed: (world) => groupWith(world, tcp(0, 65535, '0.0.0.0/1')) },
    'halves of the internet for different ports, and for authorized ones': {
      seed: (world) =>
        groupWith(world, tcp(8080, 8080, '0.0.0.0/1'), tcp(8081, 9000, '128.0.0.0/1'), tcp(443, 443, '0.0.0.0/1', '128.0.0.0/1')),
    },
    'a prefix list of an office, and one of the internet for an authorized port': {
      seed: async (world) => {
        const [office, internet] = [await prefixList(world), await prefixList(world, '0.0.0.0/0')];
        return groupWith(
          world,
          { ...tcp(8080, 8080), PrefixListIds: [{ PrefixListId: office }] },
          { ...tcp(443, 443), PrefixListIds: [{ PrefixListId: internet }] },
        );
      },
    },
    'ICMP from everywhere': {
      seed: (world) => groupWith(world, { IpProtocol: 'icmp', FromPort: 3, ToPort: 4, ...ranges(['0.0.0.0/0']) }),
    },
  },
  obstacles: {
    'a prefix list that does not exist any more': {
      seed: (world) => groupWith(world, { ...tcp(8080, 8080), PrefixListIds: [{ PrefixListId: noPrefixList }] }),
      outcome: 'unfixable',
      reason: /addresses of the security group rule for tcp 8080 of pl-0123456789abcdef0 are unknown/,
    },
    'ports that do not exist': {
      seed: (world) => groupWith(world, tcp(8080, 8080, '0.0.0.0/0')),
      parameters: { authorizedTcpPorts: '443,65536' },
      outcome: 'not-configured',
      reason: /Ports are 0 to 65535/,
    },
    'a range written backwards': {
      seed: (world) => groupWith(world, tcp(8080, 8080, '0.0.0.0/0')),
      parameters: { authorizedUdpPorts: '1025-1020' },
      outcome: 'not-configured',
      reason: /lower port/,
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
const planFor = (over: Partial<Permission>, authorizedTcpPorts: string, owner = resource.account) => {
  const permission: Permission = { protocol: 'tcp', from: 22, to: 22, ipv4: '0.0.0.0/0', tags: {}, ...over };
  const parameters = rule.parameters?.parse({ authorizedTcpPorts }) as z.infer<NonNullable<typeof rule.parameters>>;
  return rule.plan(resource, { owner, ranges: [permission] }, { parameters, detectedBy: 'EC2.18', now: new Date(0) });
};

describe('a plan', () => {
  it('closes a range of ports exactly where one of them is not authorized', () => {
    const port = fc.integer({ min: 0, max: 40 });
    const span = fc.tuple(port, port).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 5 }), ({ from, to }, authorized) => {
        const every = Array.from({ length: to - from + 1 }, (_, index) => from + index);
        const isAuthorized = every.every((one) => authorized.some((range) => range.from <= one && one <= range.to));
        const text = authorized.map((range) => (range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`)).join(',');
        expect(planFor({ from, to }, text)).toHaveLength(isAuthorized ? 0 : 1);
      }),
    );
  });

  it('takes no port for all ports', () => {
    expect(planFor({ from: -1, to: -1 }, '1-65535')).toHaveLength(1);
    expect(planFor({ from: -1, to: -1 }, '0-65534')).toHaveLength(1);
    expect(planFor({ from: -1, to: -1 }, '0-65535')).toEqual([]);
  });

  it('is refused for a group that belongs to another account, where there is something to close', () => {
    expect(planFor({}, '443', '999999999999')).toEqual({
      unfixable: expect.stringContaining('account 999999999999'),
      code: 'owned-by-other-account',
    });
    expect(isChanges(planFor({ from: 443, to: 443 }, '443', '999999999999'))).toBe(true);
  });
});

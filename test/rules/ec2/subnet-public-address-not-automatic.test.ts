import { CreateSubnetCommand, CreateVpcCommand, DescribeSubnetsCommand, ModifySubnetAttributeCommand } from '@aws-sdk/client-ec2';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/ec2/subnet-public-address-not-automatic';
import type { Aws } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a subnet that gives everything a public IPv4 address': { seed: subnetWith('MapPublicIpOnLaunch') },
    'a subnet that gives everything an IPv6 address': { seed: subnetWith('AssignIpv6AddressOnCreation') },
    'a subnet that gives everything both, beside one that is not reported': {
      async seed(world) {
        await subnetWith('MapPublicIpOnLaunch')(world);
        return subnetWith('MapPublicIpOnLaunch', 'AssignIpv6AddressOnCreation')(world);
      },
      async fixed(world, id) {
        const { Subnets = [] } = await world.send(new DescribeSubnetsCommand({}));
        expect(
          Subnets.filter(({ CidrBlock }) => CidrBlock === '10.0.1.0/24').map((one) => [one.SubnetId === id, one.MapPublicIpOnLaunch]),
        ).toEqual(
          expect.arrayContaining([
            [true, false],
            [false, true],
          ]),
        );
      },
    },
  },
  compliant: { 'a subnet that gives out private addresses alone': { seed: subnetWith() } },
  missing: 'subnet-0123456789abcdef0',
});

const resource = {
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  type: 'AWS::EC2::Subnet',
  id: 'subnet-0a',
  arn: 'arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-0a',
};

describe('the plan', () => {
  const plan = (state: object) => {
    const seen = { owner: resource.account, ipv4: false, ipv6: false, onlyIpv6: false, ...state };
    const changes = rule.plan(resource, seen, { parameters: {}, detectedBy: 'EC2.15', now: new Date(0) });
    return isChanges(changes) ? changes.map(loggedChange) : changes;
  };

  it('changes one attribute a call, and no other', () => {
    expect(plan({ ipv4: true, ipv6: true })).toMatchObject([
      {
        do: { input: { SubnetId: 'subnet-0a', MapPublicIpOnLaunch: { Value: false } } },
        undo: { input: { MapPublicIpOnLaunch: { Value: true } } },
      },
      {
        do: { input: { SubnetId: 'subnet-0a', AssignIpv6AddressOnCreation: { Value: false } } },
        undo: { input: { AssignIpv6AddressOnCreation: { Value: true } } },
      },
    ]);
    expect(JSON.stringify(plan({ ipv6: true }))).not.toContain('MapPublicIpOnLaunch');
  });

  it('is refused for a subnet of another account, and for one of IPv6 alone', () => {
    expect(plan({ ipv4: true, owner: '999999999999' })).toEqual({
      unfixable: expect.stringContaining('account 999999999999'),
      code: 'owned-by-other-account',
    });
    expect(plan({ ipv6: true, onlyIpv6: true })).toEqual({ unfixable: expect.stringContaining('is IPv6-only'), code: 'not-supported' });
    expect(plan({ owner: '999999999999' })).toEqual([]);
  });
});

it('lists the subnets of all pages, but for those of other accounts', async () => {
  const pages: Record<string, object> = {
    first: {
      Subnets: [
        { SubnetId: 'subnet-0a', OwnerId: '123456789012', AssignIpv6AddressOnCreation: true, Ipv6Native: true },
        { SubnetId: 'subnet-0b', OwnerId: '999999999999' },
      ],
      NextToken: 'second',
    },
    second: { Subnets: [{ SubnetId: 'subnet-0c', OwnerId: '123456789012' }] },
  };
  const aws = { send: async ({ input }: { input: { NextToken?: string } }) => pages[input.NextToken ?? 'first'] } as unknown as Aws;
  expect(await rule.list?.(resource, aws)).toEqual(['subnet-0a', 'subnet-0c']);
  expect(await rule.inspect(resource, aws)).toEqual({ owner: '123456789012', ipv4: false, ipv6: true, onlyIpv6: true });
});

function subnetWith(...attributes: readonly ('MapPublicIpOnLaunch' | 'AssignIpv6AddressOnCreation')[]) {
  return async (world: World): Promise<string> => {
    const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.1.0/24' }));
    const SubnetId = Subnet?.SubnetId ?? '';
    for (const attribute of attributes) await world.send(new ModifySubnetAttributeCommand({ SubnetId, [attribute]: { Value: true } }));
    return SubnetId;
  };
}

import { DescribeSubnetsCommand, EC2Client, ModifySubnetAttributeCommand } from '@aws-sdk/client-ec2';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { type Change, defineRule, notFound } from '../rule';
import { subnet } from './subnet/resource';

/** The addresses that the subnet assigns automatically. `onlyIpv6`: it has no IPv4 addresses. */
type State = { readonly owner: string; readonly ipv4: boolean; readonly ipv6: boolean; readonly onlyIpv6: boolean };

export default defineRule({
  id: 'ec2-subnet-public-address-not-automatic',
  title: 'Subnets do not assign public IP addresses automatically',
  why: 'Every resource that is launched in such a subnet is reachable from the internet, whether intended or not.',
  impact:
    'Existing resources keep their addresses. New ones get a public address only on request at launch; without one, or a NAT gateway, they do not reach the internet. EKS managed node groups in a subnet without a NAT gateway can no longer launch nodes.',
  severity: 'medium',
  risk: 'disruptive',
  resource: subnet,
  property: 'MapPublicIpOnLaunch and AssignIpv6AddressOnCreation',
  detectedBy: { securityHub: ['EC2.15'], config: ['subnet-auto-assign-public-ip-disabled'] },
  permissions: {
    // IAM offers no resource-level permission for it.
    inspect: { actions: ['ec2:DescribeSubnets'], on: '*' },
    change: { actions: ['ec2:ModifySubnetAttribute'], on: 'arn:{partition}:ec2:{region}:{account}:subnet/*' },
  },
  clients: [EC2Client],
  commands: [ModifySubnetAttributeCommand],

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(
      ['InvalidSubnetID.NotFound', 'InvalidSubnetID.Malformed', 'InvalidSubnetId.Malformed'],
      aws.send(new DescribeSubnetsCommand({ SubnetIds: [id] })),
    );
    const [found] = answer?.Subnets ?? [];
    if (!found) return notFound;
    return {
      owner: found.OwnerId ?? '',
      ipv4: found.MapPublicIpOnLaunch ?? false,
      ipv6: found.AssignIpv6AddressOnCreation ?? false,
      onlyIpv6: found.Ipv6Native ?? false,
    };
  },

  plan({ id, account }, { owner, ipv4, ipv6, onlyIpv6 }) {
    if (!ipv4 && !ipv6) return [];
    if (owner !== account)
      return {
        unfixable: `The subnet ${id} belongs to account ${owner}, and only that account can change it.`,
        code: 'owned-by-other-account',
      };
    if (onlyIpv6)
      return {
        unfixable: `The subnet ${id} is IPv6-only, and assigns an IPv6 address to every network interface. Use another subnet for private resources.`,
        code: 'not-supported',
      };
    // A call accepts only one attribute.
    return [
      ...(ipv4 ? [turnedOff((Value) => new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch: { Value } }))] : []),
      ...(ipv6 ? [turnedOff((Value) => new ModifySubnetAttributeCommand({ SubnetId: id, AssignIpv6AddressOnCreation: { Value } }))] : []),
    ];
  },

  list: async ({ account }, aws) =>
    collect(
      (NextToken) => aws.send(new DescribeSubnetsCommand({ MaxResults: 1000, NextToken })),
      ({ Subnets = [] }) => Subnets.flatMap(({ SubnetId, OwnerId }) => (SubnetId && OwnerId === account ? SubnetId : [])),
      ({ NextToken }) => NextToken,
    ),
});

const turnedOff = (attribute: (value: boolean) => ModifySubnetAttributeCommand): Change => ({
  do: attribute(false),
  undo: attribute(true),
});

import { DescribeSubnetsCommand, EC2Client, ModifySubnetAttributeCommand } from '@aws-sdk/client-ec2';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { type Change, defineRule, notFound } from '../rule';
import { subnet } from './subnet/resource';

/** Which addresses it gives out by itself; `onlyIpv6`: it has no others. */
type State = { readonly owner: string; readonly ipv4: boolean; readonly ipv6: boolean; readonly onlyIpv6: boolean };

export default defineRule({
  id: 'ec2-subnet-public-address-not-automatic',
  title: 'Subnets give public addresses only to what asks for one',
  why: 'What is started in such a subnet can be reached from the internet, whether or not somebody thought of it.',
  impact:
    'What is there keeps its addresses. What is started from now on gets none unless its launch asks for it: without one, or a NAT gateway, it does not reach the internet either. Managed node groups of EKS that are in the subnet without a NAT gateway get no new nodes.',
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
    if (owner !== account) return { unfixable: `The subnet ${id} belongs to account ${owner}, which alone can change it.` };
    if (onlyIpv6)
      return {
        unfixable: `The subnet ${id} has IPv6 addresses alone, and AWS gives one to everything in it: what has to be private needs another subnet.`,
      };
    // AWS takes one attribute a call.
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

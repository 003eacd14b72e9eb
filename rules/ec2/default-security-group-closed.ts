import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { collect } from '../pages';
import { type Aws, type Change, defineRule, notFound } from '../rule';
import { groupChanging, groupReading, listGroups, readGroup } from './security-group/group';
import { type Direction, type Permission, readPermissions, restorations, revocation, revocations } from './security-group/permission';
import { securityGroup } from './security-group/resource';

const parameters = z.strictObject({
  evenInUse: z
    .boolean()
    .default(false)
    .describe('Whether groups are closed that network interfaces are in: what only this group lets through is cut off.'),
});

type State = Readonly<Record<Direction, readonly Permission[]>> & {
  readonly name: string;
  readonly owner: string;
  /** Some of the network interfaces in a group that permits anything, sorted. */
  readonly interfaces?: readonly string[];
};

const directions: readonly Direction[] = ['ingress', 'egress'];

export default defineRule({
  id: 'ec2-default-security-group-closed',
  title: 'The default security group of a VPC lets nothing in and nothing out',
  why: 'Whatever is started without a security group gets the default one, and with it whatever that one permits.',
  impact:
    'A group that network interfaces are in is left alone, unless a parameter says otherwise: put them into groups of their own first. What is started in the VPC later without a group of its own reaches nothing, and nothing reaches it. After a rollback the permissions have other security group rule ids.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'partly',
  resource: securityGroup,
  property: 'SecurityGroupIngress and SecurityGroupEgress',
  detectedBy: { securityHub: ['EC2.2'], config: ['vpc-default-security-group-closed'] },
  permissions: {
    // IAM offers no resource-level permission for it.
    inspect: [groupReading, { actions: ['ec2:DescribeNetworkInterfaces'], on: '*' }],
    change: groupChanging([
      'ec2:RevokeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:AuthorizeSecurityGroupEgress',
    ]),
  },
  clients: [EC2Client],
  commands: [
    RevokeSecurityGroupIngressCommand,
    RevokeSecurityGroupEgressCommand,
    AuthorizeSecurityGroupIngressCommand,
    AuthorizeSecurityGroupEgressCommand,
  ],
  parameters,

  async inspect({ id }, aws, chosen): Promise<State | typeof notFound> {
    const group = await readGroup(id, aws);
    if (!group) return notFound;
    const state = { ...group, ...(await readPermissions(id, aws)) };
    const open = directions.some((direction) => state[direction].length > 0);
    const interfaces = open && !chosen?.evenInUse ? await readInterfaces(id, aws) : [];
    return { ...state, ...(interfaces.length > 0 && { interfaces }) };
  },

  plan({ id, account }, state) {
    const { name, owner, interfaces = [] } = state;
    // AWS reserves the name: no other group of a VPC can have it.
    if (name !== 'default')
      return {
        unfixable: `The security group ${id} is not the default one of its VPC, and this rule closes no other. Check what reported it.`,
      };
    if (owner !== account) return { unfixable: `The security group ${id} belongs to account ${owner}, which alone can change it.` };
    if (interfaces.length > 0)
      return {
        unfixable: `Network interfaces are in the security group ${id} (such as ${interfaces.join(', ')}), and would be cut off. Put them into groups of their own, or set evenInUse.`,
      };
    return [
      ...directions.flatMap((direction) =>
        revocations(
          id,
          direction,
          state[direction].filter((permission) => !isStale(permission)),
        ),
      ),
      ...directions.flatMap((direction) => finalRevocations(id, direction, state[direction].filter(isStale))),
    ];
  },

  revertOwnPart: ({ id }, now, { before, after }) =>
    directions.flatMap((direction) =>
      restorations(id, direction, { before: before[direction], after: after[direction], now: now[direction] }),
    ),

  list: (place, aws) => listGroups(place, aws, { Name: 'group-name', Values: ['default'] }),
});

/** Some of the network interfaces that are in the group, by their ids. */
async function readInterfaces(groupId: string, aws: Aws): Promise<readonly string[]> {
  const Filters = [{ Name: 'group-id', Values: [groupId] }];
  const interfaces = await collect(
    (NextToken) => aws.send(new DescribeNetworkInterfacesCommand({ Filters, MaxResults: 1000, NextToken })),
    ({ NetworkInterfaces = [] }) => NetworkInterfaces.flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []),
    ({ NextToken }) => NextToken,
  );
  return interfaces.sort().slice(0, 5);
}

/** Whether it names a group that is no longer there, or can not be reached any more. */
const isStale = ({ group }: Permission): boolean =>
  group !== undefined && (group.account === undefined || (group.peering !== undefined && group.peering !== 'active'));

const finalRevocations = (id: string, direction: Direction, stale: readonly Permission[]): readonly Change[] =>
  stale.map((permission) => ({
    do: revocation(id, direction, [permission]),
    irreversible: `A permission for ${permission.group?.id} can not be given again: that group is deleted, or its VPC is no longer peered.`,
  }));

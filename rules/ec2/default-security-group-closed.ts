import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { withoutExempt } from '../exempt-parts';
import { collect } from '../pages';
import { type Aws, type Change, defineRule, notFound } from '../rule';
import { groupChanging, groupReading, listGroups, readGroup } from './security-group/group';
import {
  type Direction,
  nameOfPermission,
  type Permission,
  readPermissions,
  restorations,
  revocation,
  revocations,
} from './security-group/permission';
import { securityGroup } from './security-group/resource';

const parameters = z.strictObject({
  evenInUse: z
    .boolean()
    .default(false)
    .describe('Whether groups that are in use by network interfaces are also changed: traffic that only such a group allows is blocked.'),
});

type State = Readonly<Record<Direction, readonly Permission[]>> & {
  readonly name: string;
  readonly owner: string;
  /** Some of the network interfaces in a group that has rules, sorted. */
  readonly interfaces?: readonly string[];
};

const directions: readonly Direction[] = ['ingress', 'egress'];

export default defineRule({
  id: 'ec2-default-security-group-closed',
  title: 'Default VPC security groups have no inbound or outbound rules',
  why: 'Resources that are launched without a security group get the default one, and every access that its rules allow.',
  impact:
    'A group that is in use by network interfaces is not changed, unless evenInUse is set: assign other groups first. Later resources in the VPC without a group of their own have no network access. A rollback creates the rules again: they have new security group rule IDs, to which templates and scripts that name the former ones have to be adapted.',
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

  plan({ id, account }, state, context) {
    const { name, owner, interfaces = [] } = state;
    // The name is reserved: only the default group of a VPC has it.
    if (name !== 'default')
      return {
        unfixable: `The security group ${id} is not the default one of its VPC, and this rule changes no other. Check the source of the finding.`,
        code: 'not-default-group',
      };
    if (owner !== account)
      return {
        unfixable: `The security group ${id} belongs to account ${owner}, and only that account can change it.`,
        code: 'owned-by-other-account',
      };
    if (interfaces.length > 0)
      return {
        unfixable: `The security group ${id} is in use by network interfaces (such as ${interfaces.join(', ')}), whose traffic would be blocked. Assign other groups to them, or set evenInUse.`,
        code: 'group-in-use',
      };
    const found = directions.map((direction) => {
      const permissions = withoutExempt(state[direction], (one) => `${direction}: ${nameOfPermission(one)}`, context);
      return { direction, stale: permissions.filter(isStale), lasting: permissions.filter((permission) => !isStale(permission)) };
    });
    return [
      ...found.flatMap(({ direction, lasting }) => revocations(id, direction, lasting)),
      ...found.flatMap(({ direction, stale }) => finalRevocations(id, direction, stale)),
    ];
  },

  revertOwnPart: ({ id }, now, { before, after }) =>
    directions.flatMap((direction) =>
      restorations(id, direction, { before: before[direction], after: after[direction], now: now[direction] }),
    ),

  list: (place, aws) => listGroups(place, aws, { Name: 'group-name', Values: ['default'] }),
});

/** Some of the network interfaces in the group, by ID. */
async function readInterfaces(groupId: string, aws: Aws): Promise<readonly string[]> {
  const Filters = [{ Name: 'group-id', Values: [groupId] }];
  const interfaces = await collect(
    (NextToken) => aws.send(new DescribeNetworkInterfacesCommand({ Filters, MaxResults: 1000, NextToken })),
    ({ NetworkInterfaces = [] }) => NetworkInterfaces.flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []),
    ({ NextToken }) => NextToken,
  );
  return interfaces.sort().slice(0, 5);
}

/** Whether it refers to a group that is deleted or no longer reachable. */
const isStale = ({ group }: Permission): boolean =>
  group !== undefined && (group.account === undefined || (group.peering !== undefined && group.peering !== 'active'));

const finalRevocations = (id: string, direction: Direction, stale: readonly Permission[]): readonly Change[] =>
  stale.map((permission) => ({
    do: revocation(id, direction, [permission]),
    irreversible: `A rule that refers to ${permission.group?.id} cannot be created again: that group is deleted, or its VPC is no longer peered.`,
  }));

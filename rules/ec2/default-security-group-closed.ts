import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { type Change, defineRule, gone } from '../rule';
import { groupChanging, groupReading, listGroups, readGroup } from './security-group/group';
import { type Direction, type Permission, readPermissions, restorations, revocation, revocations } from './security-group/permission';
import { securityGroup } from './security-group/resource';

type State = Readonly<Record<Direction, readonly Permission[]>> & { readonly name: string; readonly owner: string };

const directions: readonly Direction[] = ['ingress', 'egress'];

export default defineRule({
  id: 'ec2-default-security-group-closed',
  title: 'The default security group of a VPC lets nothing in and nothing out',
  why: 'Whatever is started without a security group gets the default one, and with it whatever that one permits.',
  impact:
    'Resources that are in the default security group, and in no other, are cut off from the network at their next connection: put them into groups of their own first. After a rollback the permissions have other security group rule ids.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'partly',
  resource: securityGroup,
  property: 'SecurityGroupIngress and SecurityGroupEgress',
  detectedBy: { securityHub: ['EC2.2'], config: ['vpc-default-security-group-closed'] },
  permissions: {
    inspect: groupReading,
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

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const group = await readGroup(id, aws);
    return group ? { ...group, ...(await readPermissions(id, aws)) } : gone;
  },

  plan({ id, account }, state) {
    const { name, owner } = state;
    // AWS reserves the name: no other group of a VPC can have it.
    if (name !== 'default')
      return {
        unfixable: `The security group ${id} is not the default one of its VPC, and this rule closes no other. Check what reported it.`,
      };
    if (owner !== account) return { unfixable: `The security group ${id} belongs to account ${owner}, which alone can change it.` };
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

  takeBack: ({ id }, now, { before, after }) =>
    directions.flatMap((direction) =>
      restorations(id, direction, { before: before[direction], after: after[direction], now: now[direction] }),
    ),

  list: (place, aws) => listGroups(place, aws, { Name: 'group-name', Values: ['default'] }),
});

/** Whether it names a group that is no longer there, or can not be reached any more. */
const isStale = ({ group }: Permission): boolean =>
  group !== undefined && (group.account === undefined || (group.peering !== undefined && group.peering !== 'active'));

const finalRevocations = (id: string, direction: Direction, stale: readonly Permission[]): readonly Change[] =>
  stale.map((permission) => ({
    do: revocation(id, direction, [permission]),
    irreversible: `A permission for ${permission.group?.id} can not be given again: that group is deleted, or its VPC is no longer peered.`,
  }));

import {
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { amend } from '../../amendment';
import type { Aws, Change, Grant, Place, Targets, Unfixable } from '../../rule';

/** Names of security groups are unique within a VPC. */
export const GroupName = 'posture-quarantine';

const Tags = [{ Key: 'posture:quarantine', Value: 'true' }];

/** The security group of a VPC that allows no traffic, for all responses. */
export type QuarantineGroup = {
  readonly vpc: string;
  /**
   * `foreign`: others created the group with this name. `egress`: it allows all outbound traffic, as EC2 creates it. `closed`: it has no rules. `opened`: others
   * have added rules.
   */
  readonly status: 'absent' | 'foreign' | 'egress' | 'closed' | 'opened';
  readonly id?: string;
};

/** The group of each of the VPCs, in their order. A VPC can be shared: groups of other accounts don't count. */
export async function readQuarantineGroups(
  vpcs: readonly string[],
  { account }: Pick<Place, 'account'>,
  aws: Aws,
): Promise<readonly QuarantineGroup[]> {
  const found = vpcs.length === 0 ? [] : await describe(vpcs, account, aws);
  return vpcs.map((vpc) => {
    const group = found.find(({ VpcId }) => VpcId === vpc);
    return group ? { vpc, status: statusOf(group), id: group.GroupId ?? '' } : { vpc, status: 'absent' };
  });
}

/** The ID of the group in a VPC. Throws unless it is ours, and has no rules at this moment. */
export async function closedGroupIn(vpc: string, account: string, aws: Aws): Promise<string> {
  const [group] = await readQuarantineGroups([vpc], { account }, aws);
  if (group?.status === 'absent') throw notThere(vpc);
  if (group?.status !== 'closed' || group.id === undefined)
    throw new Error(
      `The security group ${GroupName} of ${vpc} is not the one without rules that the rule creates, so nothing is put into it.`,
    );
  return group.id;
}

async function describe(vpcs: readonly string[], account: string, aws: Aws): Promise<readonly SecurityGroup[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [...vpcs] },
    { Name: 'group-name', Values: [GroupName] },
    { Name: 'owner-id', Values: [account] },
  ];
  return (await aws.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [];
}

function statusOf({ Tags: tags = [], IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup): QuarantineGroup['status'] {
  const isOwn = Tags.every((own) => tags.some(({ Key, Value }) => Key === own.Key && Value === own.Value));
  if (!isOwn) return 'foreign';
  if (IpPermissions.length > 0 || !IpPermissionsEgress.every(isDefault)) return 'opened';
  return IpPermissionsEgress.length > 0 ? 'egress' : 'closed';
}

/** Whether it is the outbound rule with which EC2 creates groups: all protocols to everywhere. */
function isDefault({ IpProtocol, IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] }: IpPermission): boolean {
  const ranges = [...IpRanges.map(({ CidrIp }) => CidrIp), ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6)];
  return (
    IpProtocol === '-1' &&
    PrefixListIds.length + UserIdGroupPairs.length === 0 &&
    ranges.every((range) => range === '0.0.0.0/0' || range === '::/0')
  );
}

/** Removes the outbound rule with which EC2 created the group, whose ID AWS assigns only then. */
export const CloseGroupCommand = amend<{ readonly VpcId: string; readonly GroupName: string; readonly OwnerId: string }>(
  RevokeSecurityGroupEgressCommand,
  async ({ VpcId, OwnerId }, aws) => {
    const [group] = await describe([VpcId], OwnerId, aws);
    if (!group) throw notThere(VpcId);
    if (statusOf(group) !== 'egress')
      throw new Error(`The security group ${GroupName} of ${VpcId} does not have only the outbound rule with which EC2 creates groups.`);
    return new RevokeSecurityGroupEgressCommand({ GroupId: group.GroupId, IpPermissions: group.IpPermissionsEgress });
  },
);

const notThere = (vpc: string) =>
  Object.assign(new Error(`The security group ${GroupName} does not exist in ${vpc}.`), { name: 'InvalidGroup.NotFound' });

/** Errors for a group that was created a moment ago. */
export const retryOn = ['InvalidGroup.NotFound', 'InvalidSecurityGroupID.NotFound'];

/** The changes after which the group exists, and has no rules. A rollback leaves it: others may be in it by then. */
export function groupChanges({ vpc, status }: QuarantineGroup, { account }: Pick<Place, 'account'>): readonly Change[] {
  const undo = { undo: 'revert-own-part', nearest: `The security group ${GroupName} stays, without rules, for other resources.` } as const;
  const create = new CreateSecurityGroupCommand({
    GroupName,
    Description: 'Without rules: resources that posture has isolated',
    VpcId: vpc,
    TagSpecifications: [{ ResourceType: 'security-group', Tags }],
  });
  return [
    ...(status === 'absent' ? [{ do: create, ...undo }] : []),
    ...(status === 'absent' || status === 'egress'
      ? [{ do: new CloseGroupCommand({ VpcId: vpc, GroupName, OwnerId: account }), retryOn, ...undo }]
      : []),
  ];
}

/** Why nothing can be put into the group; undefined if it can. */
export function groupObstacle({ vpc, status, id }: QuarantineGroup): Unfixable | undefined {
  if (status === 'foreign')
    return {
      unfixable: `The security group ${id} of ${vpc} has the name ${GroupName}, and was not created by posture. Rename or delete it.`,
      code: 'name-taken',
    };
  if (status === 'opened')
    return {
      unfixable: `Somebody has added rules to the security group ${id} (${GroupName}) of ${vpc}, so it isolates nothing. Remove them, after checking who added them.`,
      code: 'quarantine-group-opened',
    };
  return undefined;
}

export const groupTargets = (groups: readonly QuarantineGroup[], { account }: Pick<Place, 'account'>): Targets => ({
  CreateSecurityGroup: { VpcId: groups.map(({ vpc }) => vpc), GroupName },
  RevokeSecurityGroupEgress: { VpcId: groups.map(({ vpc }) => vpc), GroupName, OwnerId: account, GroupId: null },
});

const groups = 'arn:{partition}:ec2:{region}:{account}:security-group/*';

// IAM offers no resource-level permission for it.
export const groupReading: Grant = { actions: ['ec2:DescribeSecurityGroups'], on: '*' };

export const groupMaking: readonly Grant[] = [
  { actions: ['ec2:CreateSecurityGroup'], on: ['arn:{partition}:ec2:{region}:{account}:vpc/*', groups] },
  { actions: ['ec2:CreateTags'], on: groups, condition: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } } },
  {
    actions: ['ec2:RevokeSecurityGroupEgress'],
    on: groups,
    condition: { StringEquals: { 'aws:ResourceTag/posture:quarantine': 'true' } },
  },
];

export const groupCommands = [CreateSecurityGroupCommand, CloseGroupCommand];

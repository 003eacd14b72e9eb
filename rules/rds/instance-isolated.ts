import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { type DBInstance, RDSClient, type VpcSecurityGroupMembership } from '@aws-sdk/client-rds';
import * as z from 'zod';
import {
  GroupName,
  groupChanges,
  groupCommands,
  groupMaking,
  groupObstacle,
  groupReading,
  groupTargets,
  type QuarantineGroup,
  readQuarantineGroups,
  retryOn,
} from '../ec2/quarantine-group/group';
import { simulate } from '../iam/simulation/simulate';
import { type Aws, type AwsCommand, type Change, defineRule, notFound, type Obstacle, type Place, type Resource } from '../rule';
import { clusters, describeCluster } from './db-cluster/describe';
import { describeInstance, instances } from './db-instance/describe';
import { multiAzClusterOf } from './db-instance/multi-az-cluster';
import { dbInstance } from './db-instance/resource';
import { SetClusterGroupsCommand, SetInstanceAccessCommand } from './isolation/groups';
import { readCollected, snapshotChange, snapshotCommands, snapshotMaking, snapshotReading, snapshotTargets } from './isolation/snapshot';
import { hindrance, obstacleBy } from './status/obstacle';

type State = {
  readonly vpc: string;
  /** The IDs of the security groups, sorted; absent if the quarantine group is the only one. */
  readonly groups?: readonly string[];
  readonly publiclyAccessible: boolean;
  readonly quarantine: QuarantineGroup;
  /** The DB cluster that it is a member of. The security groups are those of the cluster. */
  readonly cluster?: string;
  /** Only the creation of a Multi-AZ DB cluster sets the public access of its members. */
  readonly accessIsFixed?: true;
  /** What prevents a change: a status other than available. */
  readonly status?: string;
  readonly clusterStatus?: string;
};

const parameters = z.strictObject({
  snapshot: z
    .boolean()
    .default(true)
    .describe('Whether a snapshot of the DB instance, or of its cluster, is taken as evidence after the isolation, which stays.'),
});

export default defineRule({
  id: 'rds-instance-isolated',
  title: 'An RDS DB instance that an attacker has signed in to is isolated',
  why: 'An attacker with a password of the database reads and changes all data that its user may.',
  impact:
    'No new connection reaches the DB instance, from anywhere: its only security group has no rules, and it is no longer publicly accessible. The security groups of a cluster are those of all its instances, so that a member isolates the whole cluster. Not done: connections that security groups already track continue until they end, as the database engine would have to close them; passwords are not changed. A snapshot is taken after the isolation, since Amazon RDS accepts no change meanwhile: it stays, and is billed, until a person deletes it. While it is taken, a Single-AZ instance can pause for some seconds. The security group stays after a rollback.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'nearly',
  response: true,
  drill: { permits: simulate },
  resource: dbInstance,
  detectedBy: {
    securityHub: [],
    config: [],
    // Those in which the sign-in succeeded: https://docs.aws.amazon.com/guardduty/latest/ug/findings-rds-protection.html
    guardDuty: {
      types: [
        'CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin',
        'CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce',
        'CredentialAccess:RDS/MaliciousIPCaller.SuccessfulLogin',
        'CredentialAccess:RDS/TorIPCaller.SuccessfulLogin',
      ],
    },
  },
  permissions: {
    inspect: [
      groupReading,
      ...snapshotReading,
      { actions: ['rds:DescribeDBInstances'], on: instances },
      { actions: ['rds:DescribeDBClusters'], on: clusters },
    ],
    change: [
      ...groupMaking,
      ...snapshotMaking,
      { actions: ['rds:ModifyDBInstance'], on: instances },
      { actions: ['rds:ModifyDBCluster'], on: clusters },
    ],
  },
  parameters,
  clients: [RDSClient, EC2Client, IAMClient],
  commands: [...groupCommands, ...snapshotCommands, SetInstanceAccessCommand, SetClusterGroupsCommand],
  settle: 1800,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const instance = await describeInstance(resource.id, aws);
    return instance ? stateOf(instance, resource, aws) : notFound;
  },

  plan({ id, account }, state, { parameters, collectedFor, now }) {
    const isPublic = state.publiclyAccessible && !state.accessIsFixed;
    const isOpened = state.quarantine.status === 'egress' || state.quarantine.status === 'opened';
    if (state.groups === undefined && !isPublic && !isOpened) return [];
    const isolation = [...groupChanges(state.quarantine, { account }), ...isolating(id, state, { account })];
    // Afterwards: while RDS takes a snapshot, it accepts no change.
    const isCollected = parameters.snapshot && state.groups !== undefined;
    const evidence = isCollected ? [snapshotChange(id, state.cluster, { collectedFor, by: 'rds-instance-isolated', now })] : [];
    return obstacleTo(id, state) ?? [...isolation, ...evidence];
  },

  targets({ id, account }, { now, before }) {
    const cluster = [now, before].flatMap((state) => state.cluster ?? []);
    // What else the commands can set is none of the rule's.
    const others = { MasterUserPassword: null, NewDBInstanceIdentifier: null, NewDBClusterIdentifier: null };
    const quarantined = { ...others, VpcId: now.vpc, OwnerId: account, VpcSecurityGroupIds: null };
    const restored = { ...others, VpcId: null, OwnerId: null, 'VpcSecurityGroupIds[]': before.groups ?? [] };
    return {
      ...groupTargets([now.quarantine], { account }),
      ...snapshotTargets(id, cluster),
      ModifyDBInstance: [
        { DBInstanceIdentifier: id, ...quarantined },
        { DBInstanceIdentifier: id, ...restored },
        { DBInstanceIdentifier: id, ...others, VpcId: null, OwnerId: null, VpcSecurityGroupIds: null },
      ],
      ModifyDBCluster: [
        { DBClusterIdentifier: cluster, ...quarantined },
        { DBClusterIdentifier: cluster, ...restored },
      ],
    };
  },

  collected: (_, aws, remediation) => readCollected(remediation, aws),

  // Without `list`: an instance that nothing was found on is not to be isolated.
  revertOwnPart({ id }, now, { before, after }) {
    const isCut = before.groups !== undefined && after.groups === undefined && now.groups === undefined;
    const isHidden = before.publiclyAccessible && !after.publiclyAccessible && !now.publiclyAccessible;
    return releasing(id, { ...before, groups: isCut ? before.groups : undefined, publiclyAccessible: isHidden });
  },
});

type Access = Pick<State, 'publiclyAccessible' | 'cluster'> & { readonly groups?: readonly string[] | undefined };

/** The commands that give these security groups, and public access, back: of an instance without a cluster, in one call. */
function releasing(id: string, { groups, publiclyAccessible, cluster }: Access): readonly AwsCommand[] {
  const own = {
    ...(cluster === undefined && groups && { VpcSecurityGroupIds: [...groups] }),
    ...(publiclyAccessible && { PubliclyAccessible: true }),
  };
  return [
    ...(Object.keys(own).length > 0 ? [new SetInstanceAccessCommand({ DBInstanceIdentifier: id, ...own })] : []),
    ...(cluster !== undefined && groups
      ? [new SetClusterGroupsCommand({ DBClusterIdentifier: cluster, VpcSecurityGroupIds: [...groups] })]
      : []),
  ];
}

function isolating(id: string, { vpc, groups, cluster, ...state }: State, { account }: Pick<Place, 'account'>): readonly Change[] {
  const publiclyAccessible = state.publiclyAccessible && !state.accessIsFixed;
  const quarantine = { VpcId: vpc, OwnerId: account };
  const own = {
    ...(cluster === undefined && groups && quarantine),
    ...(publiclyAccessible && { PubliclyAccessible: false }),
  };
  const [undo] = releasing(id, { publiclyAccessible, ...(cluster === undefined && { groups }) });
  return [
    ...(cluster !== undefined && groups
      ? [
          {
            do: new SetClusterGroupsCommand({ DBClusterIdentifier: cluster, ...quarantine }),
            undo: new SetClusterGroupsCommand({ DBClusterIdentifier: cluster, VpcSecurityGroupIds: [...groups] }),
            retryOn,
            note: `The security groups are those of the cluster ${cluster}: all its instances are isolated.`,
          },
        ]
      : []),
    ...(undo ? [{ do: new SetInstanceAccessCommand({ DBInstanceIdentifier: id, ...own }), undo, retryOn }] : []),
  ];
}

function obstacleTo(id: string, { vpc, quarantine, status, clusterStatus }: State): Obstacle | undefined {
  if (vpc === '')
    return {
      unfixable: `Amazon RDS shows no VPC for ${id}, so that it cannot be put into the security group ${GroupName}.`,
      code: 'no-vpc',
    };
  if (status !== undefined) return obstacleBy('instance', status);
  if (clusterStatus !== undefined) return obstacleBy('cluster', clusterStatus);
  return groupObstacle(quarantine);
}

async function stateOf(instance: DBInstance, place: Resource, aws: Aws): Promise<State> {
  const { DBClusterIdentifier, DBSubnetGroup, PubliclyAccessible = false, DBInstanceStatus } = instance;
  const vpc = DBSubnetGroup?.VpcId ?? '';
  const cluster = DBClusterIdentifier === undefined ? undefined : await describeCluster(DBClusterIdentifier, aws);
  const groups = groupsIn((cluster ?? instance).VpcSecurityGroups);
  const [quarantine = { vpc, status: 'absent' } as const] = vpc === '' ? [] : await readQuarantineGroups([vpc], place, aws);
  const isIsolated = groups.length === 1 && groups[0] === quarantine.id && quarantine.status !== 'foreign';
  const { status: clusterStatus } = cluster ? hindrance(cluster.Status) : {};
  return {
    vpc,
    ...(!isIsolated && { groups }),
    publiclyAccessible: PubliclyAccessible,
    quarantine,
    ...(cluster && DBClusterIdentifier !== undefined && { cluster: DBClusterIdentifier }),
    ...(multiAzClusterOf(instance) !== undefined && { accessIsFixed: true as const }),
    ...hindrance(DBInstanceStatus),
    ...(clusterStatus !== undefined && { clusterStatus }),
  };
}

const groupsIn = (all: readonly VpcSecurityGroupMembership[] = []): readonly string[] =>
  all.flatMap(({ VpcSecurityGroupId, Status }) => (VpcSecurityGroupId && Status !== 'removing' ? [VpcSecurityGroupId] : [])).toSorted();

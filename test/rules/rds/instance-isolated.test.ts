import { AuthorizeSecurityGroupIngressCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBSubnetGroupCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBSnapshotsCommand,
  type ModifyDBInstanceCommandInput,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import rule from '../../../rules/rds/instance-isolated';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { type Network, network, quarantineGroup } from '../ec2/instance/compromised';
import { groupPaths } from '../ec2/instance/paths';
import { changeInstance, instanceOf, instanceWith } from './db-instance/seed';

const before = new Map<string, Awaited<ReturnType<typeof lookAt>>>();
const seeded = async (world: World, id: string): Promise<string> => {
  before.set(id, await lookAt(world, id));
  return id;
};

/** The snapshots of the instance, or of its cluster. */
async function evidenceOf(world: World, id: string): Promise<readonly string[]> {
  const { DBClusterIdentifier } = await instanceOf(world, id);
  const { DBSnapshots = [] } = await world.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
  const { DBClusterSnapshots = [] } = await world.send(new DescribeDBClusterSnapshotsCommand({ SnapshotType: 'manual' }));
  return [
    ...DBSnapshots.filter((one) => one.DBInstanceIdentifier === id).map(({ DBSnapshotIdentifier = '' }) => DBSnapshotIdentifier),
    ...DBClusterSnapshots.filter((one) => DBClusterIdentifier && one.DBClusterIdentifier === DBClusterIdentifier).map(
      ({ DBClusterSnapshotIdentifier = '' }) => DBClusterSnapshotIdentifier,
    ),
  ];
}

async function isolated(world: World, id: string): Promise<void> {
  expect(await evidenceOf(world, id)).toEqual([expect.stringMatching(/^posture-[0-9a-z]{26}$/)]);
  expect(before.get(id)?.paths.length).toBeGreaterThan(0);
  expect(await lookAt(world, id)).toMatchObject({ paths: [], isPublic: false, groups: [expect.any(String)] });
}
const released = async (world: World, id: string): Promise<void> => expect(await lookAt(world, id)).toEqual(before.get(id));

describeRule(rule, {
  clients: [EC2Client],
  violations: {
    'a public instance with two security groups': {
      async seed(world) {
        const own = await network(world);
        return seeded(world, await databaseIn(world, own, { PubliclyAccessible: true }));
      },
      fixed: isolated,
      rolledBack: released,
    },
    'a private instance whose VPC has the quarantine group': {
      async seed(world) {
        const own = await network(world);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, await databaseIn(world, own, { PubliclyAccessible: false }));
      },
      fixed: isolated,
    },
    'an instance of which no snapshot is wanted': {
      parameters: { snapshot: false },
      async seed(world) {
        const own = await network(world);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, await databaseIn(world, own, { PubliclyAccessible: true }));
      },
      async fixed(world, id) {
        expect(await lookAt(world, id)).toMatchObject({ paths: [], isPublic: false });
        expect(await evidenceOf(world, id)).toEqual([]);
      },
    },
    'an isolated instance that somebody has made public': {
      async seed(world) {
        const own = await network(world);
        const group = await quarantineGroup(world, own, { tagged: true, egress: false });
        return databaseIn(world, { ...own, groups: [group] }, { PubliclyAccessible: true });
      },
      fixed: async (world, id) => expect(await lookAt(world, id)).toMatchObject({ paths: [], isPublic: false }),
    },
    'a member of an Aurora cluster': {
      async seed(world) {
        const own = await network(world);
        await quarantineGroup(world, own, { tagged: true, egress: false });
        return seeded(world, await memberIn(world, own));
      },
      fixed: isolated,
    },
    'an instance with another setting since': {
      async seed(world) {
        const own = await network(world);
        networks.set(world.account, own);
        return seeded(world, await databaseIn(world, own, { PubliclyAccessible: true }));
      },
      fixed: isolated,
      async meanwhile(world, id) {
        const groups = await lookAt(world, id).then((seen) => seen.groups);
        await open(world, groups[0] ?? '');
        await changeInstance({ PubliclyAccessible: true } satisfies Partial<ModifyDBInstanceCommandInput>)(world, id);
      },
      rolledBack: released,
    },
  },
  compliant: {
    'an isolated instance': {
      async seed(world) {
        const own = await network(world);
        const group = await quarantineGroup(world, own, { tagged: true, egress: false });
        return databaseIn(world, { ...own, groups: [group] }, { PubliclyAccessible: false });
      },
    },
  },
  obstacles: {
    'an instance that is stopped': {
      async seed(world) {
        const DBInstanceIdentifier = await databaseIn(world, await network(world), {});
        await world.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
        return DBInstanceIdentifier;
      },
      outcome: 'unfixable',
      reason: /stopped/,
    },
    'an instance in whose VPC others have a group with the name of the quarantine group': {
      async seed(world) {
        const own = await network(world);
        await quarantineGroup(world, own, { tagged: false, egress: false });
        return databaseIn(world, own, {});
      },
      outcome: 'unfixable',
      reason: /was not created by posture/,
    },
    'an isolated instance to whose quarantine group somebody has added a rule': {
      async seed(world) {
        const own = await network(world);
        const group = await quarantineGroup(world, own, { tagged: true, egress: false });
        await open(world, group);
        return databaseIn(world, { ...own, groups: [group] }, { PubliclyAccessible: false });
      },
      outcome: 'unfixable',
      reason: /Somebody has added rules/,
    },
  },
  missing: 'no-such-instance',
  // The security groups of a VPC are none of Amazon RDS.
  touches: {
    'rds:ModifyDBInstance': 'arn:{partition}:rds:{region}:{account}:db:orders',
    'rds:AddTagsToResource': [
      'arn:{partition}:rds:{region}:{account}:snapshot:posture-01',
      'arn:{partition}:rds:{region}:{account}:cluster-snapshot:posture-01',
    ],
    'rds:ModifyDBCluster': 'arn:{partition}:rds:{region}:{account}:cluster:ledger',
  },
});

const networks = new Map<string, Network>();

async function subnetGroup(world: World, { subnets }: Network): Promise<string> {
  const group = { DBSubnetGroupName: 'data', DBSubnetGroupDescription: 'data', SubnetIds: [...subnets] };
  await world.send(new CreateDBSubnetGroupCommand(group));
  return group.DBSubnetGroupName;
}

async function databaseIn(world: World, own: Network, over: { readonly PubliclyAccessible?: boolean }): Promise<string> {
  const DBSubnetGroupName = await subnetGroup(world, own);
  return instanceWith({ DBSubnetGroupName, VpcSecurityGroupIds: own.groups.slice(0, 2), ...over })(world);
}

async function memberIn(world: World, own: Network): Promise<string> {
  const DBSubnetGroupName = await subnetGroup(world, own);
  const DBClusterIdentifier = `ledger-${world.account}`;
  await world.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier,
      Engine: 'aurora-postgresql',
      MasterUsername: 'root',
      MasterUserPassword: 'a-password-of-tests',
      DBSubnetGroupName,
      VpcSecurityGroupIds: own.groups.slice(0, 2),
    }),
  );
  const DBInstanceIdentifier = `member-${world.account}`;
  await world.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBInstanceClass: 'db.r6g.large',
      Engine: 'aurora-postgresql',
      DBClusterIdentifier,
      DBSubnetGroupName,
      PubliclyAccessible: true,
    }),
  );
  return DBInstanceIdentifier;
}

const open = (world: World, GroupId: string) =>
  world.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '203.0.113.0/24' }] }],
    }),
  );

/** What leads to the database, as AWS shows it. */
async function lookAt(world: World, id: string) {
  const { PubliclyAccessible, VpcSecurityGroups, DBClusterIdentifier } = await instanceOf(world, id);
  const cluster = DBClusterIdentifier ? await world.send(new DescribeDBClustersCommand({ DBClusterIdentifier })) : undefined;
  const groups = (cluster?.DBClusters?.[0]?.VpcSecurityGroups ?? VpcSecurityGroups ?? []).flatMap((one) => one.VpcSecurityGroupId ?? []);
  const paths: string[] = [];
  for (const GroupId of groups) paths.push(...(await groupPaths(world, id, GroupId)));
  return { isPublic: PubliclyAccessible, groups: groups.toSorted(), paths: paths.sort() };
}

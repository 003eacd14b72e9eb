import { deepStrictEqual } from 'node:assert';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import {
  AddTagsToResourceCommand,
  CreateDBClusterCommand,
  type CreateDBClusterCommandInput,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  CreateDBSnapshotCommand,
  DescribeDBSnapshotAttributesCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBInstanceCommand,
  ModifyDBSnapshotAttributeCommand,
} from '@aws-sdk/client-rds';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import type { Piece } from './piece';

const partner = '210987654321';

const newInstance = async (world: World, name: string, input: Partial<CreateDBInstanceCommandInput>) => {
  const { DBInstance } = await world.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: name,
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'keeper',
      ManageMasterUserPassword: true,
      ...input,
    }),
  );
  return DBInstance ?? {};
};

/** Reported by Security Hub alone: moto gives all instances one id for AWS Config. */
const database =
  (name: string, input: Partial<CreateDBInstanceCommandInput>, exempt?: string) =>
  async (world: World): Promise<ReportedResource> => {
    const { DBInstanceArn: arn = '', DbiResourceId: configId } = await newInstance(world, name, input);
    if (exempt !== undefined)
      await world.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key: 'posture:exempt', Value: exempt }] }));
    return { type: 'AWS::RDS::DBInstance', arn, ...(configId !== undefined && { configId }) };
  };

const measured =
  (DBInstanceIdentifier: string) =>
  async (world: World): Promise<ReportedResource> => {
    const reported = await database(DBInstanceIdentifier, {})(world);
    const MonitoringRoleArn = `arn:aws:iam::${world.account}:role/metrics`;
    await world.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, MonitoringInterval: 60, MonitoringRoleArn }));
    return reported;
  };

/** Beside the role that measures, which the owner has named in the policy. */
const unmeasured =
  (name: string) =>
  async (world: World): Promise<ReportedResource> => {
    const trust = { Effect: 'Allow', Principal: { Service: 'monitoring.rds.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await world.send(new CreateRoleCommand({ RoleName: 'rds-monitoring-role', AssumeRolePolicyDocument }));
    return database(name, {})(world);
  };

/** A snapshot of a database that these may restore: `all`, or account ids. */
const snapshot =
  (name: string, ...may: readonly string[]) =>
  async (world: World): Promise<ReportedResource> => {
    await newInstance(world, `${name}-database`, {});
    const { DBSnapshot } = await world.send(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: `${name}-database`, DBSnapshotIdentifier: name }),
    );
    await world.send(new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: name, AttributeName: 'restore', ValuesToAdd: [...may] }));
    return { type: 'AWS::RDS::DBSnapshot', arn: DBSnapshot?.DBSnapshotArn ?? '', configId: name };
  };

const newCluster = async (world: World, name: string, input: Partial<CreateDBClusterCommandInput>) => {
  const { DBCluster } = await world.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: name,
      Engine: 'aurora-postgresql',
      MasterUsername: 'keeper',
      MasterUserPassword: 'only-for-the-demo',
      ...input,
    }),
  );
  return DBCluster ?? {};
};

const cluster =
  (name: string, input: Partial<CreateDBClusterCommandInput>) =>
  async (world: World): Promise<ReportedResource> => {
    const { DBClusterArn: arn = '' } = await newCluster(world, name, input);
    return { type: 'AWS::RDS::DBCluster', arn };
  };

const clusterSnapshot =
  (name: string, ...may: readonly string[]) =>
  async (world: World): Promise<ReportedResource> => {
    await newCluster(world, `${name}-cluster`, {});
    const { DBClusterSnapshot } = await world.send(
      new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: `${name}-cluster`, DBClusterSnapshotIdentifier: name }),
    );
    await world.send(
      new ModifyDBClusterSnapshotAttributeCommand({
        DBClusterSnapshotIdentifier: name,
        AttributeName: 'restore',
        ValuesToAdd: [...may],
      }),
    );
    return { type: 'AWS::RDS::DBClusterSnapshot', arn: DBClusterSnapshot?.DBClusterSnapshotArn ?? '', configId: name };
  };

const keepsPartner = async (world: World, { configId }: ReportedResource): Promise<void> => {
  const { DBSnapshotAttributesResult } = await world.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: configId }));
  const restore = DBSnapshotAttributesResult?.DBSnapshotAttributes?.find(({ AttributeName }) => AttributeName === 'restore');
  deepStrictEqual(restore?.AttributeValues, [partner]);
};

export const rds: readonly Piece[] = [
  {
    control: 'RDS.1',
    words: 'public, in addition to a partner',
    resource: snapshot('orders-2026', 'all', partner),
    ends: 'fixed',
    keeps: keepsPartner,
  },
  {
    control: 'RDS.1',
    words: 'a public cluster snapshot',
    resource: clusterSnapshot('ledger-2026', 'all'),
    ends: 'fixed',
  },
  {
    control: 'rds-snapshots-public-prohibited',
    words: 'shared only with a partner',
    resource: snapshot('customers-2026', partner),
    ends: 'already-compliant',
  },
  { control: 'RDS.2', words: 'publicly accessible', resource: database('orders', { PubliclyAccessible: true }), ends: 'fixed' },
  { control: 'RDS.2', words: 'already private', resource: database('ledger', { PubliclyAccessible: false }), ends: 'already-compliant' },
  {
    control: 'RDS.2',
    words: 'an open data set: exempt from all rules by its tag',
    resource: database('open-data', { PubliclyAccessible: true }, 'all'),
    ends: 'exempt',
  },
  { control: 'RDS.8', words: 'no deletion protection', resource: database('invoices', {}), ends: 'fixed' },
  {
    control: 'RDS.8',
    words: 'deletion protection is already enabled',
    resource: database('payroll', { DeletionProtection: true }),
    ends: 'already-compliant',
  },
  {
    control: 'RDS.13',
    words: 'automatic minor version upgrades are disabled',
    resource: database('archive', { AutoMinorVersionUpgrade: false }),
    ends: 'fixed',
  },
  {
    control: 'RDS.13',
    words: 'automatic minor version upgrades are already enabled',
    resource: database('plant', { AutoMinorVersionUpgrade: true }),
    ends: 'already-compliant',
  },
  { control: 'RDS.7', words: 'no deletion protection', resource: cluster('sales', {}), ends: 'fixed' },
  {
    control: 'RDS.7',
    words: 'deletion protection is already enabled',
    resource: cluster('stock', { DeletionProtection: true }),
    ends: 'already-compliant',
  },
  { control: 'RDS.16', words: 'does not copy its tags to snapshots', resource: cluster('returns', {}), ends: 'fixed' },
  {
    control: 'RDS.16',
    words: 'already copies its tags to snapshots',
    resource: cluster('claims', { CopyTagsToSnapshot: true }),
    ends: 'already-compliant',
  },
  { control: 'RDS.6', words: 'no enhanced monitoring', resource: unmeasured('tickets'), ends: 'fixed' },
  { control: 'RDS.6', words: 'enhanced monitoring is already enabled', resource: measured('routes'), ends: 'already-compliant' },
  { control: 'RDS.5', words: 'no standby in another Availability Zone', resource: database('bookings', {}), ends: 'fixed' },
  { control: 'RDS.5', words: 'already has a standby', resource: database('seats', { MultiAZ: true }), ends: 'already-compliant' },
];

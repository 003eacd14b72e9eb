import { DescribeDBClustersCommand, type DescribeDBClustersCommandOutput, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/rds/cluster-iam-authentication-enabled';
import { notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';
import { answering, changeAndStopCluster, clusterOf, clusterWith, place, planFor, stoppedClusterWith } from './db-cluster/seed';

/** The clusters of the seeds whose users log in with IAM: moto does not change it. */
const withIam = new Map<string, boolean>();

standIn(RDSClient, async (command, send) => {
  if (command instanceof ModifyDBClusterCommand) {
    const { DBClusterIdentifier: id = '', EnableIAMDatabaseAuthentication: on } = command.input;
    if (on !== undefined) withIam.set(id, on);
    return {};
  }
  const answer = await send(command);
  if (!(command instanceof DescribeDBClustersCommand)) return answer;
  const { DBClusters = [] } = answer as DescribeDBClustersCommandOutput;
  const shown = DBClusters.map((cluster) => ({
    ...cluster,
    IAMDatabaseAuthenticationEnabled: withIam.get(cluster.DBClusterIdentifier ?? ''),
  }));
  return { ...answer, DBClusters: shown };
});

const seedOf =
  (on: boolean, cluster = clusterWith) =>
  async (world: World): Promise<string> => {
    const id = await cluster({ BackupRetentionPeriod: 9 })(world);
    withIam.set(id, on);
    return id;
  };

describeRule(rule, {
  violations: {
    'a cluster that knows passwords alone': {
      seed: seedOf(false),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ IAMDatabaseAuthenticationEnabled: true, BackupRetentionPeriod: 9 });
      },
    },
    'a cluster of which somebody undoes the fix before the rollback, and stops it': {
      seed: seedOf(false),
      meanwhile: changeAndStopCluster({ EnableIAMDatabaseAuthentication: false }),
      rolledBack: async (world, id) =>
        expect(await clusterOf(world, id)).toMatchObject({ IAMDatabaseAuthenticationEnabled: false, Status: 'stopped' }),
    },
  },
  compliant: { 'a cluster whose users log in with IAM': { seed: seedOf(true) } },
  obstacles: {
    'a cluster that is stopped': { seed: seedOf(false, stoppedClusterWith), outcome: 'unfixable', reason: /The cluster is stopped/ },
  },
  missing: 'no-such-cluster',
});

const orders = { ...place, type: 'AWS::RDS::DBCluster', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:cluster:orders' };

describe('the plan', () => {
  it('says when the change is made', async () => {
    const cluster = {
      Status: 'available',
      PendingModifiedValues: { IAMDatabaseAuthenticationEnabled: true },
      PreferredMaintenanceWindow: 'sun:04:00-sun:04:30',
    };
    const state = await rule.inspect(orders, answering(cluster));
    if (state === notFound) throw new Error('It is gone.');
    const plan = rule.plan(orders, state, { parameters: { applyImmediately: false }, detectedBy: 'RDS.12', now: new Date(0) });
    expect(plan).toEqual({ blocked: expect.stringContaining('(sun:04:00-sun:04:30, UTC)'), code: 'waiting-for-maintenance-window' });
  });

  it('is at once where the owner says so', () => {
    const plan = rule.plan(orders, { on: false }, { parameters: { applyImmediately: true }, detectedBy: 'RDS.12', now: new Date(0) });
    expect(isChanges(plan) && plan.map(({ do: { input } }) => input)).toEqual([
      { DBClusterIdentifier: 'orders', EnableIAMDatabaseAuthentication: true, ApplyImmediately: true },
    ]);
  });

  it.each([
    ['neptune', 'only the owner knows', 'clients-unknown'],
    ['docdb', 'always available', 'not-supported'],
  ])('can do nothing for %s', async (Engine, named, code) => {
    expect(await planFor(rule, { Engine })).toEqual({ unfixable: expect.stringContaining(named), code });
    const aws = answering({ DBClusterIdentifier: 'other', Engine }, { DBClusterIdentifier: 'orders', Engine: 'aurora-mysql' });
    expect(await rule.list?.(place, aws)).toEqual(['orders']);
  });
});

it('a rollback takes the change back, made or decided', () => {
  const context = { before: { on: false }, after: { on: true }, parameters: { applyImmediately: false } };
  expect(rule.revertOwnPart?.(orders, { on: false, window: 'sun:04:00-sun:04:30' }, context)).toHaveLength(1);
  expect(rule.revertOwnPart?.(orders, { on: false }, context)).toEqual([]);
});

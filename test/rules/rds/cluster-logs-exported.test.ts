import { DescribeDBClustersCommand, type DescribeDBClustersCommandOutput, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import rule from '../../../rules/rds/cluster-logs-exported';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';
import { answering, clusterOf, clusterWith, place, stoppedClusterWith } from './db-cluster/seed';

/** What the clusters of the seeds export, by their identifier: moto does not change it. */
const exported = new Map<string, readonly string[]>();

standIn(RDSClient, async (command, send) => {
  if (command instanceof ModifyDBClusterCommand) {
    const { DBClusterIdentifier: id = '', CloudwatchLogsExportConfiguration: { EnableLogTypes = [], DisableLogTypes = [] } = {} } =
      command.input;
    exported.set(id, [...(exported.get(id) ?? []).filter((log) => !DisableLogTypes.includes(log)), ...EnableLogTypes]);
    return {};
  }
  const answer = await send(command);
  if (!(command instanceof DescribeDBClustersCommand)) return answer;
  const { DBClusters = [] } = answer as DescribeDBClustersCommandOutput;
  const shown = DBClusters.map((cluster) => ({
    ...cluster,
    EnabledCloudwatchLogsExports: exported.get(cluster.DBClusterIdentifier ?? ''),
  }));
  return { ...answer, DBClusters: shown };
});

const exporting = (logs: readonly string[], Engine = 'aurora-mysql', cluster = clusterWith) => {
  return async (world: World): Promise<string> => {
    const id = await cluster({ Engine })(world);
    exported.set(id, logs);
    return id;
  };
};
const exportsOf = async (world: World, id: string) => (await clusterOf(world, id)).EnabledCloudwatchLogsExports?.toSorted();

describeRule(rule, {
  violations: {
    'a cluster of Aurora MySQL that exports another log': {
      seed: exporting(['error']),
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(['audit', 'error']),
    },
    'a cluster of Aurora PostgreSQL': {
      seed: exporting([], 'aurora-postgresql'),
      detectedBy: 'RDS.37',
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(['postgresql']),
    },
    'a cluster of Neptune': {
      seed: exporting([], 'neptune'),
      detectedBy: 'Neptune.2',
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(['audit']),
    },
    'a cluster whose owner wants more': {
      seed: exporting(['audit']),
      parameters: { logTypes: ['audit', 'error'] },
      fixed: async (world, id) => expect(await exportsOf(world, id)).toEqual(['audit', 'error']),
    },
    'a cluster that somebody lets export more before the rollback': {
      seed: exporting([]),
      meanwhile: async (_, id) => void exported.set(id, ['audit', 'slowquery']),
      rolledBack: async (world, id) => expect(await exportsOf(world, id)).toEqual(['slowquery']),
    },
  },
  compliant: {
    'a cluster that exports its audit log': { seed: exporting(['audit', 'error']) },
    'a stopped cluster that exports its audit log': { seed: exporting(['audit'], 'aurora-mysql', stoppedClusterWith) },
  },
  obstacles: {
    'a cluster that is stopped': {
      seed: exporting([], 'aurora-mysql', stoppedClusterWith),
      outcome: 'unfixable',
      reason: /The cluster is stopped/,
    },
  },
  missing: 'no-such-cluster',
});

const orders = { ...place, type: 'AWS::RDS::DBCluster', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:cluster:orders' };

it('exports the audit log of Amazon DocumentDB', () => {
  const context = { parameters: {}, detectedBy: 'DocumentDB.4', now: new Date(0) };
  const plan = rule.plan(orders, { engine: 'docdb', exported: ['profiler'] }, context);
  expect(plan).toMatchObject([{ do: { input: { CloudwatchLogsExportConfiguration: { EnableLogTypes: ['audit'] } } } }]);
});

it('does not guess the logs of a Multi-AZ DB cluster', async () => {
  expect(rule.plan(orders, { engine: 'mysql', exported: [] }, { parameters: {}, detectedBy: 'RDS.34', now: new Date(0) })).toEqual({
    unfixable: expect.stringContaining('logTypes'),
    code: 'log-types-not-set',
  });
  const clusters = ['mysql', 'neptune', 'docdb', 'aurora-mysql'].map((Engine) => ({ DBClusterIdentifier: Engine, Engine }));
  expect(await rule.list?.(place, answering(...clusters))).toEqual(['neptune', 'docdb', 'aurora-mysql']);
});

it('ends nothing that others have ended', () => {
  const after = { engine: 'aurora-mysql', exported: ['audit', 'error'] };
  const before = { engine: 'aurora-mysql', exported: ['error'] };
  expect(rule.revertOwnPart?.(orders, before, { before, after, parameters: {} })).toEqual([]);
});

import {
  CreateDBClusterCommand,
  CreateGlobalClusterCommand,
  type DBCluster,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
} from '@aws-sdk/client-rds';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/rds/global-cluster-version-supported';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const minimumVersion = '8.0.mysql_aurora.3.08.2';

describeRule(rule, {
  parameters: { minimumVersion },
  violations: {
    'a global database that is no longer supported': { seed: globalClusterOf('8.0.mysql_aurora.3.04.3'), outcome: 'awaiting-approval' },
  },
  compliant: {
    'a global database of the oldest version': { seed: globalClusterOf(minimumVersion) },
    'a global database of a later version': { seed: globalClusterOf('8.0.mysql_aurora.3.10.0') },
    'a global database with long-term support': {
      seed: globalClusterOf('8.0.mysql_aurora.3.04.0'),
      parameters: { longTermSupportVersions: ['8.0.mysql_aurora.3.04.0'] },
    },
    'a global database with long-term support, by the parameters of the Config rule': {
      seed: globalClusterOf('8.0.mysql_aurora.3.04.0'),
      detectedBy: 'rds-global-cluster-aurora-mysql-supported-version',
      found: { minSupportedEngineVersion: '8.0.mysql_aurora.3.08.0', longTermSupportVersion: '8.0.mysql_aurora.3.04.0' },
    },
    'a global database of PostgreSQL': { seed: globalClusterOf('13.4', 'aurora-postgresql') },
  },
  obstacles: {
    'an owner who names no version': {
      seed: globalClusterOf('8.0.mysql_aurora.3.04.3'),
      parameters: { minimumVersion: null },
      outcome: 'not-configured',
    },
    'a major upgrade': { seed: globalClusterOf('5.7.mysql_aurora.2.11.4'), outcome: 'unfixable', reason: /is a major version upgrade/ },
  },
  missing: 'no-such-global-cluster',
});

const orders = {
  type: 'AWS::RDS::GlobalCluster',
  id: 'orders',
  arn: 'arn:aws:rds::111122223333:global-cluster:orders',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};

const writes = { DBClusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:writes', IsWriter: true };
const reads = { DBClusterArn: 'arn:aws:rds:us-east-1:111122223333:cluster:reads', IsWriter: false };

const cluster: GlobalCluster = {
  GlobalClusterIdentifier: 'orders',
  Engine: 'aurora-mysql',
  EngineVersion: '8.0.mysql_aurora.3.04.3',
  Status: 'available',
  GlobalClusterMembers: [writes],
};

/** AWS RDS, knowing these global clusters alone, on two pages, and of the cluster that writes, if any, what is said. */
const answering = (all: readonly GlobalCluster[], writer?: DBCluster): Aws => ({
  async send<Output>(command: AwsCommand<Output>) {
    if (command instanceof DescribeDBClustersCommand) {
      expect(command.input).toEqual({ DBClusterIdentifier: 'writes' });
      return { DBClusters: writer ? [writer] : [] } as Output;
    }
    expect(command).toBeInstanceOf(DescribeGlobalClustersCommand);
    const { Marker } = command.input as { Marker?: string };
    return (Marker === undefined ? { GlobalClusters: all.slice(0, 1), Marker: 'more' } : { GlobalClusters: all.slice(1) }) as Output;
  },
});

async function planFor(seen: GlobalCluster, writer: DBCluster | undefined = { Status: 'available' }, applyImmediately = false) {
  const state = await rule.inspect(orders, answering([{ ...cluster, ...seen }], writer));
  if (state === notFound) throw new Error('It is gone.');
  const parameters = { minimumVersion, longTermSupportVersions: [], applyImmediately };
  const plan = rule.plan(orders, state, { parameters, detectedBy: 'RDS.51', now: new Date(0) });
  return isChanges(plan) ? plan.map(({ do: { input } }) => input) : plan;
}

const upgrade = { DBClusterIdentifier: 'writes', EngineVersion: minimumVersion };

describe('the plan', () => {
  it.each(['8.0.mysql_aurora.3.04.3', '8.0.mysql_aurora.3.8.1', '8.0.mysql_aurora.3.05.9'])('upgrades %s', async (EngineVersion) => {
    expect(await planFor({ EngineVersion })).toEqual([upgrade]);
  });

  it.each(['8.0.mysql_aurora.3.8.2', '8.0.mysql_aurora.3.10.0', '8.4.mysql_aurora.4.0.0'])('leaves %s alone', async (EngineVersion) => {
    expect(await planFor({ EngineVersion })).toEqual([]);
  });

  it.each(['8.0.mysql_aurora.2.12.0', '5.7.mysql_aurora.3.04.3'])('leaves a major upgrade from %s to its owner', async (EngineVersion) => {
    expect(await planFor({ EngineVersion })).toEqual({
      unfixable: expect.stringContaining(`from ${EngineVersion} to ${minimumVersion}`),
      code: 'major-upgrade',
    });
  });

  it('is for the region of the cluster that writes', async () => {
    const elsewhere = { ...writes, DBClusterArn: reads.DBClusterArn };
    expect(await planFor({ GlobalClusterMembers: [elsewhere] })).toEqual({
      unfixable: expect.stringContaining('in us-east-1,'),
      code: 'primary-in-other-region',
    });
    expect(await planFor({ GlobalClusterMembers: [] })).toEqual({
      unfixable: expect.stringContaining('in no region'),
      code: 'primary-in-other-region',
    });
  });

  it('leaves it to the owner where clusters that only read have to be upgraded first', async () => {
    const second = { ...reads, DBClusterArn: 'arn:aws:rds:eu-north-1:111122223333:cluster:reads' };
    expect(await planFor({ GlobalClusterMembers: [reads, writes, second] })).toEqual({
      unfixable: expect.stringContaining('clusters in eu-north-1, us-east-1 have to be upgraded before'),
      code: 'secondaries-not-upgraded',
    });
  });

  it('is at once where the owner says so, and nothing else waits for the maintenance window', async () => {
    const waits = (PendingModifiedValues: DBCluster['PendingModifiedValues']) => ({ Status: 'available', PendingModifiedValues });
    expect(await planFor({}, waits({}), true)).toEqual([{ ...upgrade, ApplyImmediately: true }]);
    expect(await planFor({}, waits({ StorageType: 'aurora-iopt1' }), true)).toEqual([upgrade]);
  });

  it('says when a cluster is upgraded', async () => {
    const PendingModifiedValues = { EngineVersion: minimumVersion };
    expect(await planFor({}, { PendingModifiedValues, PreferredMaintenanceWindow: 'sun:04:00-sun:04:30' })).toEqual({
      blocked: expect.stringContaining('(sun:04:00-sun:04:30, UTC)'),
      code: 'waiting-for-maintenance-window',
    });
  });

  it('waits while a global database or its cluster is upgrading', async () => {
    expect(await planFor({ Status: 'upgrading' })).toEqual({
      blocked: expect.stringContaining('The global database is upgrading'),
      code: 'being-modified',
    });
    expect(await planFor({}, { Status: 'upgrading' })).toEqual({
      blocked: expect.stringContaining('The cluster is upgrading'),
      code: 'being-modified',
    });
  });

  it('waits where the cluster that writes is not to be seen', async () => {
    const state = await rule.inspect(orders, answering([cluster]));
    expect(state).toMatchObject({ writer: { cluster: 'writes', status: 'unknown' } });
  });
});

it('is exempt by the tags of the global database', async () => {
  const { resource } = rule;
  const tags =
    'tags' in resource ? await resource.tags?.(orders, answering([{ ...cluster, TagList: [{ Key: 'team', Value: 'red' }] }])) : {};
  expect(tags).toEqual({ team: 'red' });
});

it('lists those of Aurora MySQL on all pages', async () => {
  const all = ['a', 'b', 'c'].map((GlobalClusterIdentifier) => ({ ...cluster, GlobalClusterIdentifier }));
  const other = { ...cluster, Engine: 'aurora-postgresql', GlobalClusterIdentifier: 'p' };
  expect(await rule.list?.(orders, answering([...all, other]))).toEqual(['a', 'b', 'c']);
});

function globalClusterOf(EngineVersion: string, Engine = 'aurora-mysql') {
  return async (world: World): Promise<string> => {
    const GlobalClusterIdentifier = `global-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateGlobalClusterCommand({ GlobalClusterIdentifier, Engine, EngineVersion }));
    const owner = { MasterUsername: 'keeper', MasterUserPassword: 'only-for-the-test' };
    const DBClusterIdentifier = `${GlobalClusterIdentifier}-writer`;
    await world.send(new CreateDBClusterCommand({ DBClusterIdentifier, Engine, EngineVersion, GlobalClusterIdentifier, ...owner }));
    return GlobalClusterIdentifier;
  };
}

import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { type Aws, defineRule, gone } from '../rule';
import { clusters, describeCluster } from './db-cluster/describe';
import { describeGlobalCluster, globalCluster, globalClusters, readGlobalClusters } from './global-cluster/resource';
import { hindrance, obstacleBy } from './status/obstacle';
import { waiting, whenParameters, windowSettle } from './window/setting';

const version = z.string().regex(/^\d+\.\d+\.mysql_aurora\.\d+\.\d+\.\d+$/);

const parameters = z.strictObject({
  minimumVersion: version.describe(
    'The oldest version of Aurora MySQL that is still supported, such as 8.0.mysql_aurora.3.08.2: global clusters of an older one are upgraded to it. It has to be one that AWS offers, and that the clusters can be upgraded to.',
  ),
  longTermSupportVersions: z
    .array(version)
    .default([])
    .describe('Older versions that have long-term support: global clusters of these are left as they are.'),
  ...whenParameters.shape,
});

/** The cluster that writes; what it says of itself is read in its own region alone. */
type Writer = {
  readonly region: string;
  readonly cluster: string;
  readonly window?: string;
  readonly others?: true;
  readonly status?: string;
};

type State = {
  readonly engine: string;
  readonly version: string;
  readonly status: string;
  readonly writer?: Writer;
  /** The regions of the clusters that only read. */
  readonly readers: readonly string[];
};

export default defineRule({
  id: 'rds-global-cluster-version-supported',
  title: 'Aurora MySQL global databases run on a version that AWS supports',
  why: 'A version that is no longer supported gets no more security fixes, and its extended support is billed.',
  impact:
    'The cluster that writes is upgraded, in its maintenance window if not said otherwise, and is not available for some minutes then. Where the global database has clusters in other regions, their owner has to upgrade or remove them first: it is left alone. There is no way back but to restore a snapshot: make one before.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: globalCluster,
  property: 'EngineVersion',
  detectedBy: { securityHub: ['RDS.51'], config: ['rds-global-cluster-aurora-mysql-supported-version'] },
  permissions: {
    inspect: [
      { actions: ['rds:DescribeGlobalClusters'], on: globalClusters },
      { actions: ['rds:DescribeDBClusters'], on: clusters },
    ],
    change: { actions: ['rds:ModifyDBCluster'], on: clusters },
  },
  clients: [RDSClient],
  commands: [ModifyDBClusterCommand],
  parameters,
  settle: windowSettle,

  async inspect({ id, region }, aws): Promise<State | typeof gone> {
    const found = await describeGlobalCluster(id, aws);
    if (!found) return gone;
    const { Engine: engine = '', EngineVersion = '', Status: status = 'unknown', GlobalClusterMembers = [] } = found;
    const writes = GlobalClusterMembers.find(({ IsWriter }) => IsWriter)?.DBClusterArn;
    const reading = GlobalClusterMembers.filter(({ DBClusterArn }) => DBClusterArn !== writes);
    return {
      engine,
      version: EngineVersion,
      status,
      ...(writes && { writer: await readWriter(writes, region, aws) }),
      readers: reading.map(({ DBClusterArn = '' }) => DBClusterArn.split(':')[3] ?? '').toSorted(),
    };
  },

  // ModifyGlobalCluster takes no minor version: each cluster is upgraded by itself, those that only read first.
  plan({ region }, state, { parameters: { minimumVersion, longTermSupportVersions, applyImmediately } }) {
    const { engine, version: current, status, writer, readers } = state;
    if (engine !== 'aurora-mysql') return [];
    const [now, wished] = [numbersOf(current), numbersOf(minimumVersion)];
    if (compare(now, wished) >= 0 || longTermSupportVersions.includes(current)) return [];
    if (compare(now.slice(0, 3), wished.slice(0, 3)) !== 0)
      return {
        unfixable: `From ${current} to ${minimumVersion} is a major upgrade, for which applications and parameter groups have to be made ready. Upgrade by hand.`,
      };
    if (writer?.region !== region)
      return { unfixable: `Its cluster that writes is in ${writer?.region ?? 'no region'}, and only there can it be upgraded.` };
    if (readers.length > 0)
      return {
        unfixable: `Its clusters in ${readers.join(', ')} have to be upgraded before the one that writes, or removed where AWS can't upgrade them in place. Upgrade by hand.`,
      };
    if (writer.window !== undefined) return { blocked: `The cluster is upgraded in its maintenance window (${writer.window}, UTC).` };
    if (status !== 'available') return { blocked: `The global database is ${status}; AWS RDS takes changes when it is available again.` };
    if (writer.status !== undefined) return obstacleBy('cluster', writer.status);
    const atOnce = applyImmediately && writer.others === undefined;
    return [
      {
        do: new ModifyDBClusterCommand({
          DBClusterIdentifier: writer.cluster,
          EngineVersion: minimumVersion,
          ...(atOnce && { ApplyImmediately: true }),
        }),
        irreversible: 'An engine can not be taken back to an earlier version.',
      },
    ];
  },

  list: async (_, aws) =>
    (await readGlobalClusters(aws)).flatMap(({ Engine, GlobalClusterIdentifier = '' }) =>
      Engine === 'aurora-mysql' ? [GlobalClusterIdentifier] : [],
    ),
});

async function readWriter(arn: string, here: string, aws: Aws): Promise<Writer> {
  const [, , , region = '', , , cluster = ''] = arn.split(':');
  const found = region === here ? await describeCluster(cluster, aws) : undefined;
  if (!found) return { region, cluster, status: 'unknown' };
  const { EngineVersion: decided, ...others } = found.PendingModifiedValues ?? {};
  return { region, cluster, ...waiting(decided !== undefined, others, found.PreferredMaintenanceWindow), ...hindrance(found.Status) };
}

/** `8.0.mysql_aurora.3.08.2` as 8, 0, 3, 8, 2: MySQL's version, then Aurora's. */
const numbersOf = (text: string): readonly number[] => (text.match(/\d+/g) ?? []).map(Number);

function compare(a: readonly number[], b: readonly number[]): number {
  const at = b.findIndex((number, index) => number !== (a[index] ?? 0));
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

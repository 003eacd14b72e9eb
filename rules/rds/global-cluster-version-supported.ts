import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { parts, plain } from '../detector-parameters';
import { keptTags, tagsIn, withoutExempt } from '../exempt-parts';
import { type Aws, defineRule, type Json, type MappedParameter, notFound, type Tags } from '../rule';
import { clusters, describeCluster } from './db-cluster/describe';
import { describeGlobalCluster, globalCluster, globalClusters, readGlobalClusters } from './global-cluster/resource';
import { hindrance, obstacleBy } from './status/obstacle';
import { waiting, whenParameters, windowSettle } from './window/setting';

const version = z.string().regex(/^\d+\.\d+\.mysql_aurora\.\d+\.\d+\.\d+$/);

const parameters = z.strictObject({
  minimumVersion: version.describe(
    'The oldest supported version of Aurora MySQL, such as 8.0.mysql_aurora.3.08.2. Global clusters with an older version are upgraded to it. It must be a version that AWS offers and a valid upgrade target of the clusters.',
  ),
  longTermSupportVersions: z
    .array(version)
    .default([])
    .describe('Older versions with long-term support. Global clusters with these versions are not changed.'),
  ...whenParameters.shape,
});

/** The primary cluster. Its details can be read only in its own region. */
type Writer = {
  readonly region: string;
  readonly cluster: string;
  readonly window?: string;
  readonly others?: true;
  readonly status?: string;
  readonly tags?: Tags;
};

type State = {
  readonly engine: string;
  readonly version: string;
  readonly status: string;
  readonly writer?: Writer;
  /** The regions of the secondary clusters. */
  readonly readers: readonly string[];
};

const oldest: MappedParameter = {
  sets: 'minimumVersion',
  read: plain,
  strictest: (one, other) => (compare(numbersOf(String(one)), numbersOf(String(other))) >= 0 ? one : other),
};
/** Of two lists of exceptions, what both have. */
const longTerm: MappedParameter = {
  sets: 'longTermSupportVersions',
  read: (text) => [...parts(text)],
  strictest: (one, other) => (one as readonly Json[]).filter((version) => (other as readonly Json[]).includes(version)),
};

export default defineRule({
  id: 'rds-global-cluster-version-supported',
  title: 'Aurora MySQL global databases run on a supported version',
  why: 'An unsupported version gets no security fixes, and AWS charges for its extended support.',
  impact:
    'The primary cluster is upgraded, by default in its maintenance window, and is unavailable for some minutes. A global database with secondary clusters is not changed: its owner has to upgrade or remove them first. The upgrade cannot be rolled back, only restored from a snapshot: create one first.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: globalCluster,
  property: 'EngineVersion',
  detectedBy: { securityHub: ['RDS.51'], config: ['rds-global-cluster-aurora-mysql-supported-version'] },
  detectorParameters: {
    'RDS.51': { minSupportedEngineVersion: oldest, longTermSupportVersion: longTerm },
    'rds-global-cluster-aurora-mysql-supported-version': { minSupportedEngineVersion: oldest, longTermSupportVersion: longTerm },
  },
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

  async inspect({ id, region }, aws): Promise<State | typeof notFound> {
    const found = await describeGlobalCluster(id, aws);
    if (!found) return notFound;
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

  // ModifyGlobalCluster accepts no minor version: each cluster is upgraded on its own, secondary clusters first.
  plan({ region }, state, { parameters: { minimumVersion, longTermSupportVersions, applyImmediately }, ...context }) {
    const { engine, version: current, status, writer, readers } = state;
    if (engine !== 'aurora-mysql') return [];
    const [now, expected] = [numbersOf(current), numbersOf(minimumVersion)];
    if (compare(now, expected) >= 0 || longTermSupportVersions.includes(current)) return [];
    if (writer && withoutExempt([writer], ({ cluster }) => `the cluster ${cluster}`, context).length === 0) return [];
    if (compare(now.slice(0, 3), expected.slice(0, 3)) !== 0)
      return {
        unfixable: `The upgrade from ${current} to ${minimumVersion} is a major version upgrade, which requires changes to applications and parameter groups. Upgrade manually.`,
        code: 'major-upgrade',
      };
    if (writer?.region !== region)
      return {
        unfixable: `The primary cluster is in ${writer?.region ?? 'no region'}, and can be upgraded only there.`,
        code: 'primary-in-other-region',
      };
    if (readers.length > 0)
      return {
        unfixable: `The secondary clusters in ${readers.join(', ')} have to be upgraded before the primary cluster, or removed if AWS can't upgrade them in place. Upgrade manually.`,
        code: 'secondaries-not-upgraded',
      };
    if (writer.window !== undefined)
      return {
        blocked: `The cluster will be upgraded in its maintenance window (${writer.window}, UTC).`,
        code: 'waiting-for-maintenance-window',
      };
    if (status !== 'available') return obstacleBy('global database', status);
    if (writer.status !== undefined) return obstacleBy('cluster', writer.status);
    const maxConcurrency = applyImmediately && writer.others === undefined;
    return [
      {
        do: new ModifyDBClusterCommand({
          DBClusterIdentifier: writer.cluster,
          EngineVersion: minimumVersion,
          ...(maxConcurrency && { ApplyImmediately: true }),
        }),
        irreversible: 'The engine cannot be downgraded to an earlier version.',
      },
    ];
  },

  targets: (_, { now: { writer } }) => ({ ModifyDBCluster: { DBClusterIdentifier: writer ? writer.cluster : [] } }),

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
  return {
    ...{ region, cluster },
    ...waiting(decided !== undefined, others, found.PreferredMaintenanceWindow),
    ...hindrance(found.Status),
    ...keptTags(tagsIn(found.TagList)),
  };
}

/** `8.0.mysql_aurora.3.08.2` as 8, 0, 3, 8, 2: MySQL's version, then Aurora's. */
const numbersOf = (text: string): readonly number[] => (text.match(/\d+/g) ?? []).map(Number);

function compare(a: readonly number[], b: readonly number[]): number {
  const at = b.findIndex((number, index) => number !== (a[index] ?? 0));
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

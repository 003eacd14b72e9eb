import { ModifyGlobalClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { describeGlobalCluster, globalCluster, globalClusters, readGlobalClusters } from './global-cluster/resource';

const version = z.string().regex(/^\d+\.\d+\.mysql_aurora\.\d+\.\d+\.\d+$/);

const parameters = z.strictObject({
  minimumVersion: version.describe(
    'The oldest version of Aurora MySQL that is still supported, such as 8.0.mysql_aurora.3.08.2: global clusters of an older one are upgraded to it. It has to be one that AWS offers, and that the clusters can be upgraded to.',
  ),
  longTermSupportVersions: z
    .array(version)
    .default([])
    .describe('Older versions that have long-term support: global clusters of these are left as they are.'),
});

type State = { readonly engine: string; readonly version: string; readonly status: string; readonly writer: string };

export default defineRule({
  id: 'rds-global-cluster-version-supported',
  title: 'Aurora MySQL global databases run on a version that AWS supports',
  why: 'A version that is no longer supported gets no more security fixes, and its extended support is billed.',
  impact:
    'All clusters of the global database are upgraded, first those that only read, then the one that writes, each of which is not available for some minutes. There is no way back but to restore a snapshot: make one before.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: globalCluster,
  property: 'EngineVersion',
  detectedBy: { securityHub: ['RDS.51'], config: ['rds-global-cluster-aurora-mysql-supported-version'] },
  permissions: {
    inspect: { actions: ['rds:DescribeGlobalClusters'], on: globalClusters },
    change: { actions: ['rds:ModifyGlobalCluster'], on: globalClusters },
  },
  clients: [RDSClient],
  commands: [ModifyGlobalClusterCommand],
  parameters,
  settle: 4 * 3600,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const found = await describeGlobalCluster(id, aws);
    if (!found) return gone;
    const writer = found.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter)?.DBClusterArn?.split(':')[3] ?? '';
    return { engine: found.Engine ?? '', version: found.EngineVersion ?? '', status: found.Status ?? 'unknown', writer };
  },

  plan({ id, region }, { engine, version: current, status, writer }, { parameters: { minimumVersion, longTermSupportVersions } }) {
    if (engine !== 'aurora-mysql') return [];
    const [now, wished] = [numbersOf(current), numbersOf(minimumVersion)];
    if (compare(now, wished) >= 0 || longTermSupportVersions.includes(current)) return [];
    if (compare(now.slice(0, 3), wished.slice(0, 3)) !== 0)
      return {
        unfixable: `From ${current} to ${minimumVersion} is a major upgrade, for which applications and parameter groups have to be made ready. Upgrade by hand.`,
      };
    if (writer !== region)
      return { unfixable: `Its cluster that writes is in ${writer || 'no region'}, and only there can the global database be upgraded.` };
    if (status !== 'available') return { blocked: `The global database is ${status}; AWS RDS takes changes when it is available again.` };
    return [
      {
        do: new ModifyGlobalClusterCommand({ GlobalClusterIdentifier: id, EngineVersion: minimumVersion }),
        irreversible: 'An engine can not be taken back to an earlier version.',
      },
    ];
  },

  list: async (_, aws) =>
    (await readGlobalClusters(aws)).flatMap(({ Engine, GlobalClusterIdentifier = '' }) =>
      Engine === 'aurora-mysql' ? [GlobalClusterIdentifier] : [],
    ),
});

/** `8.0.mysql_aurora.3.08.2` as 8, 0, 3, 8, 2: MySQL's version, then Aurora's. */
const numbersOf = (text: string): readonly number[] => (text.match(/\d+/g) ?? []).map(Number);

function compare(a: readonly number[], b: readonly number[]): number {
  const at = b.findIndex((number, index) => number !== (a[index] ?? 0));
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

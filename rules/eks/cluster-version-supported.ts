import { EKSClient, UpdateClusterVersionCommand } from '@aws-sdk/client-eks';
import type * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { cluster } from './cluster/resource';
import { insightReading, readHindrances } from './version/readiness';
import { minorOf, oldestVersion, readOldest, versionParameters, versionReading } from './version/supported';

/** `oldest`: the oldest version in standard support. `hindrances`: what prevents the upgrade to the next version. `connected`: it does not run in EKS. `status`: if it is not active. */
type State = {
  readonly version: string;
  readonly oldest: string;
  readonly hindrances: readonly string[];
  readonly connected?: true;
  readonly status?: string;
};

export default defineRule({
  id: 'eks-cluster-version-supported',
  title: 'EKS clusters run a supported Kubernetes version',
  why: 'An outdated version gets no security fixes, or incurs extended support charges, until AWS upgrades it automatically.',
  impact:
    'The control plane is upgraded to the next version, which may remove APIs that workloads use. A rollback does not restore the old version; for seven days, AWS can, manually and if its checks pass. Each version is a separate step with its own approval. Node groups and add-ons are upgraded separately, automatically or manually.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: cluster,
  property: 'Version',
  detectedBy: { securityHub: ['EKS.2'], config: ['eks-cluster-supported-version'] },
  detectorParameters: {
    'EKS.2': { oldestVersionSupported: oldestVersion },
    'eks-cluster-supported-version': { oldestVersionSupported: oldestVersion },
  },
  permissions: {
    inspect: [clusterReading, listing, versionReading, insightReading],
    change: { actions: ['eks:UpdateClusterVersion'], on: clusters },
  },
  clients: [EKSClient],
  commands: [UpdateClusterVersionCommand],
  parameters: versionParameters,
  settle: 3600,

  async inspect({ id }, aws, { oldestVersionSupported }: z.infer<typeof versionParameters> = {}): Promise<State | typeof notFound> {
    const found = await describeCluster(id, aws);
    if (!found) return notFound;
    const { version = '1.0', status = 'unknown', connectorConfig } = found;
    const oldest = await readOldest(aws);
    const isOld = minorOf(version) < minorOf(oldestVersionSupported ?? oldest);
    const hindrances = isOld && !connectorConfig ? await readHindrances(id, versionAfter(version), aws) : [];
    return { version, oldest, hindrances, ...(connectorConfig && { connected: true }), ...(status !== 'ACTIVE' && { status }) };
  },

  plan({ id }, { version, oldest, hindrances, connected, status }, { parameters: { oldestVersionSupported = oldest } }) {
    if (minorOf(version) >= minorOf(oldestVersionSupported)) return [];
    if (connected)
      return { unfixable: 'The cluster is only connected to Amazon EKS. Upgrade it where it runs.', code: 'connected-cluster' };
    if (status === 'FAILED')
      return { unfixable: 'The cluster has failed, and Amazon EKS rejects changes to it. Create a new cluster.', code: 'resource-failed' };
    if (status !== undefined)
      return { blocked: `The cluster is ${status}. Amazon EKS accepts changes when it is active again.`, code: 'being-modified' };
    const next = versionAfter(version);
    if (hindrances.length > 0)
      return {
        unfixable: `The upgrade insights of Amazon EKS show that the cluster is not ready for Kubernetes ${next}: ${hindrances.join(', ')}. Resolve these first; Amazon EKS refreshes the insights once a day.`,
        code: 'upgrade-insights-failing',
      };
    return [
      {
        do: new UpdateClusterVersionCommand({ name: id, version: next }),
        irreversible: `Amazon EKS can roll a cluster back from Kubernetes ${next} to ${version} for only seven days, without its nodes and add-ons. Workloads that use APIs that ${next} removed no longer work.`,
      },
    ];
  },

  list: (_, aws) => listClusters(aws),
});

/** EKS upgrades one minor version at a time. */
const versionAfter = (version: string): string => `1.${minorOf(version) + 1}`;

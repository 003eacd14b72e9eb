import { EKSClient, UpdateClusterVersionCommand } from '@aws-sdk/client-eks';
import type * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { cluster } from './cluster/resource';
import { insightReading, readHindrances } from './version/readiness';
import { minorOf, readOldest, versionParameters, versionReading } from './version/supported';

/** `oldest`: in standard support. `hindrances`: to the next version. `connected`: it does not run in EKS. `status`: where it is not active. */
type State = {
  readonly version: string;
  readonly oldest: string;
  readonly hindrances: readonly string[];
  readonly connected?: true;
  readonly status?: string;
};

export default defineRule({
  id: 'eks-cluster-version-supported',
  title: 'EKS clusters run a version of Kubernetes that is in standard support',
  why: 'An old version gets no fixes, or bills for extended support, until AWS upgrades it at a time of its own choosing.',
  impact:
    'The control plane goes to the next version, which can remove APIs that workloads call. A rollback does not take it back; AWS does for seven days, by hand, where its checks let it. Each version is a step that is approved by itself; nodes and add-ons follow by themselves or by hand.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: cluster,
  property: 'Version',
  detectedBy: { securityHub: ['EKS.2'], config: ['eks-cluster-supported-version'] },
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
    if (connected) return { unfixable: 'The cluster is only connected to AWS EKS. Upgrade it where it runs.' };
    if (status === 'FAILED')
      return { unfixable: 'The cluster has failed, and AWS EKS changes nothing about it. Make it anew.', code: 'resource-failed' };
    if (status !== undefined) return { blocked: `The cluster is ${status}; AWS EKS takes changes when it is active again.` };
    const next = versionAfter(version);
    if (hindrances.length > 0)
      return {
        unfixable: `By the upgrade insights of AWS EKS the cluster is not ready for Kubernetes ${next}: ${hindrances.join(', ')}. Put that right first; AWS EKS looks again once a day.`,
      };
    return [
      {
        do: new UpdateClusterVersionCommand({ name: id, version: next }),
        irreversible: `AWS EKS takes a cluster back from Kubernetes ${next} to ${version} for seven days only, and nodes and add-ons not with it; what needs APIs that ${next} removed no longer works.`,
      },
    ];
  },

  list: (_, aws) => listClusters(aws),
});

/** AWS EKS goes up by one version at a time. */
const versionAfter = (version: string): string => `1.${minorOf(version) + 1}`;

import { EKSClient, UpdateClusterVersionCommand } from '@aws-sdk/client-eks';
import { defineRule, gone } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { cluster } from './cluster/resource';
import { minorOf, readOldest, versionParameters, versionReading } from './version/supported';

/** `oldest`: in standard support. `connected`: it does not run in EKS. `status`: where it is not active. */
type State = { readonly version: string; readonly oldest: string; readonly connected?: true; readonly status?: string };

export default defineRule({
  id: 'eks-cluster-version-supported',
  title: 'EKS clusters run a version of Kubernetes that is in standard support',
  why: 'An old version gets no fixes, or bills for extended support, until AWS upgrades it at a time of its own choosing.',
  impact:
    'The control plane goes to the next version, which can remove APIs that workloads call. There is no way back. Each version is a step that is approved by itself; nodes and add-ons follow by themselves or by hand.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: cluster,
  property: 'Version',
  detectedBy: { securityHub: ['EKS.2'], config: ['eks-cluster-supported-version'] },
  permissions: {
    inspect: [clusterReading, listing, versionReading],
    change: { actions: ['eks:UpdateClusterVersion'], on: clusters },
  },
  clients: [EKSClient],
  commands: [UpdateClusterVersionCommand],
  parameters: versionParameters,
  settle: 3600,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const found = await describeCluster(id, aws);
    if (!found) return gone;
    const { version = '1.0', status = 'unknown', connectorConfig } = found;
    const oldest = await readOldest(aws);
    return { version, oldest, ...(connectorConfig && { connected: true }), ...(status !== 'ACTIVE' && { status }) };
  },

  plan({ id }, { version, oldest, connected, status }, { parameters: { oldestVersionSupported = oldest } }) {
    if (minorOf(version) >= minorOf(oldestVersionSupported)) return [];
    if (connected) return { unfixable: 'The cluster is only connected to AWS EKS. Upgrade it where it runs.' };
    if (status === 'FAILED') return { unfixable: 'The cluster has failed, and AWS EKS changes nothing about it. Make it anew.' };
    if (status !== undefined) return { blocked: `The cluster is ${status}; AWS EKS takes changes when it is active again.` };
    const next = `1.${minorOf(version) + 1}`;
    return [
      {
        do: new UpdateClusterVersionCommand({ name: id, version: next }),
        irreversible: `AWS EKS takes no cluster back from Kubernetes ${next} to ${version}, and what needs APIs that ${next} removed would no longer work.`,
      },
    ];
  },

  list: (_, aws) => listClusters(aws),
});

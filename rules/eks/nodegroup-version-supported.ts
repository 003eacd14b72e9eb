import { DescribeNodegroupCommand, EKSClient, ListNodegroupsCommand, UpdateNodegroupVersionCommand } from '@aws-sdk/client-eks';
import { unless } from '../absence';
import { collect } from '../pages';
import { type Aws, defineRule, gone } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { describeNodegroup, namesIn, nodegroup, nodegroupReading, nodegroups } from './nodegroup/resource';
import { minorOf, readOldest, versionParameters, versionReading } from './version/supported';

type State = {
  readonly version: string;
  /** The version of the cluster: its nodes can't be newer. */
  readonly cluster: string;
  /** In standard support. */
  readonly oldest: string;
  /** Whether its owner makes the image of its nodes. */
  readonly ownImage: boolean;
  /** The status, where it is not active. */
  readonly status?: string;
};

export default defineRule({
  id: 'eks-nodegroup-version-supported',
  title: 'EKS node groups run a version of Kubernetes that is in standard support',
  why: 'An old version of the kubelet, and of the image around it, gets no fixes.',
  impact:
    'All nodes of the group are replaced, a few at a time, by nodes of the version of the cluster: pods move, and those that a disruption budget holds back stop the update. There is no way back.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: nodegroup,
  property: 'Version',
  detectedBy: { securityHub: ['EKS.9'], config: ['eks-nodegroup-supported-version-check'] },
  permissions: {
    inspect: [nodegroupReading, clusterReading, versionReading, listing, { actions: ['eks:ListNodegroups'], on: clusters }],
    change: { actions: ['eks:UpdateNodegroupVersion'], on: nodegroups },
  },
  clients: [EKSClient],
  commands: [UpdateNodegroupVersionCommand],
  parameters: versionParameters,
  settle: 7200,

  async inspect(resource, aws): Promise<State | typeof gone> {
    const found = await describeNodegroup(resource, aws);
    const { version: cluster } = (found && (await describeCluster(namesIn(resource.id).clusterName, aws))) ?? {};
    if (!found || cluster === undefined) return gone;
    const { version = cluster, status = 'unknown', amiType } = found;
    const oldest = await readOldest(aws);
    return { version, cluster, oldest, ownImage: amiType === 'CUSTOM', ...(!open.includes(status) && { status }) };
  },

  plan({ id }, { version, cluster, oldest, ownImage, status }, { parameters: { oldestVersionSupported = oldest } }) {
    if (minorOf(version) >= minorOf(oldestVersionSupported)) return [];
    if (ownImage)
      return {
        unfixable: `The nodes start from an image of their owner's, with Kubernetes ${version}. Give the group a version of its launch template with a newer image.`,
      };
    if (minorOf(cluster) < minorOf(oldestVersionSupported))
      return {
        unfixable: `The cluster itself runs Kubernetes ${cluster}, and its nodes can not be newer. Upgrade the cluster first: eks-cluster-version-supported does.`,
      };
    if (status !== undefined && /FAILED$/.test(status))
      return { unfixable: `The node group is ${status}, and AWS EKS changes nothing about it until somebody has put that right.` };
    if (status !== undefined) return { blocked: `The node group is ${status}; AWS EKS takes changes when it is active again.` };
    return [
      {
        do: new UpdateNodegroupVersionCommand({ ...namesIn(id), version: cluster }),
        irreversible: `AWS EKS takes no nodes back from Kubernetes ${cluster} to ${version}.`,
      },
    ];
  },

  async list(_, aws) {
    const arns: string[] = [];
    for (const clusterName of await listClusters(aws)) {
      for (const nodegroupName of await listNodegroups(clusterName, aws)) {
        const answer = await unless(['ResourceNotFoundException'], aws.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })));
        arns.push(...[answer?.nodegroup?.nodegroupArn].filter((arn) => arn !== undefined));
      }
    }
    return arns;
  },
});

// A degraded group may well lack nothing but a newer image.
const open = ['ACTIVE', 'DEGRADED'];

const listNodegroups = (clusterName: string, aws: Aws): Promise<string[]> =>
  collect(
    (nextToken) => unless(['ResourceNotFoundException'], aws.send(new ListNodegroupsCommand({ clusterName, nextToken }))),
    (answer) => answer?.nodegroups,
    (answer) => answer?.nextToken,
  );

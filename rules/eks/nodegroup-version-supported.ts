import { DescribeNodegroupCommand, EKSClient, ListNodegroupsCommand, UpdateNodegroupVersionCommand } from '@aws-sdk/client-eks';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { type Aws, defineRule, notFound } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { describeNodegroup, namesIn, nodegroup, nodegroupReading, nodegroups } from './nodegroup/resource';
import { minorOf, oldestVersion, readOldest, versionParameters, versionReading } from './version/supported';

type State = {
  readonly version: string;
  /** The version of the cluster, which is the newest that its nodes can have. */
  readonly cluster: string;
  /** The oldest version in standard support. */
  readonly oldest: string;
  /** The AMI type of its nodes, which cannot be changed. */
  readonly image: string;
  /** The status, if it is not active. */
  readonly status?: string;
  /** The status of the cluster, if it is not active. */
  readonly clusterStatus?: string;
};

export default defineRule({
  id: 'eks-nodegroup-version-supported',
  title: 'EKS managed node groups run a supported Kubernetes version',
  why: 'Outdated kubelets and node images do not get security fixes.',
  impact:
    'All nodes of the group are gradually replaced with nodes of the cluster version: pods are moved, and a pod disruption budget can stop the update. A rollback does not restore the old version.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: nodegroup,
  property: 'Version',
  detectedBy: { securityHub: ['EKS.9'], config: ['eks-nodegroup-supported-version-check'] },
  detectorParameters: {
    'EKS.9': { oldestVersionSupported: oldestVersion },
    'eks-nodegroup-supported-version-check': { oldestVersionSupported: oldestVersion },
  },
  permissions: {
    inspect: [nodegroupReading, clusterReading, versionReading, listing, { actions: ['eks:ListNodegroups'], on: clusters }],
    change: { actions: ['eks:UpdateNodegroupVersion'], on: nodegroups },
  },
  clients: [EKSClient],
  commands: [UpdateNodegroupVersionCommand],
  parameters: versionParameters,
  settle: 7200,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const found = await describeNodegroup(resource, aws);
    const { version: cluster, status: clusterStatus } = (found && (await describeCluster(namesIn(resource.id).clusterName, aws))) ?? {};
    if (!found || cluster === undefined) return notFound;
    const { version = cluster, status = 'unknown', amiType: image = 'unknown' } = found;
    const oldest = await readOldest(aws);
    return {
      version,
      cluster,
      oldest,
      image,
      ...(!open.includes(status) && { status }),
      ...(clusterStatus !== 'ACTIVE' && { clusterStatus: clusterStatus ?? 'unknown' }),
    };
  },

  plan({ id }, { version, cluster, oldest, image, status, clusterStatus }, { parameters: { oldestVersionSupported = oldest } }) {
    if (minorOf(version) >= minorOf(oldestVersionSupported)) return [];
    if (image === 'CUSTOM')
      return {
        unfixable: `The nodes use a custom AMI with Kubernetes ${version}. Update the launch template of the group to a newer AMI.`,
        code: 'custom-image',
      };
    if (minorOf(cluster) < minorOf(oldestVersionSupported))
      return {
        unfixable: `The cluster runs Kubernetes ${cluster}, and its nodes cannot be newer. Upgrade the cluster first, for example with the rule eks-cluster-version-supported.`,
        code: 'cluster-not-supported',
      };
    if (image.startsWith('AL2_') && minorOf(cluster) > newestOfAmazonLinux2)
      return {
        unfixable: `The nodes run Amazon Linux 2, for which Amazon EKS has no AMI with Kubernetes ${cluster}, and the AMI type of a node group cannot be changed. Create a node group with Amazon Linux 2023 or Bottlerocket, and move the pods to it.`,
        code: 'image-not-supported',
      };
    if (status !== undefined && /FAILED$/.test(status))
      return {
        unfixable: `The node group is ${status}, and Amazon EKS rejects changes until that is resolved.`,
        code: 'resource-failed',
      };
    if (status !== undefined)
      return { blocked: `The node group is ${status}. Amazon EKS accepts changes when it is active again.`, code: 'being-modified' };
    if (clusterStatus === 'FAILED')
      return { unfixable: 'The cluster has failed, and Amazon EKS rejects changes to its node groups.', code: 'resource-failed' };
    if (clusterStatus !== undefined)
      return {
        blocked: `The cluster is ${clusterStatus}. Amazon EKS accepts changes to its node groups when it is active again.`,
        code: 'being-modified',
      };
    return [
      {
        do: new UpdateNodegroupVersionCommand({ ...namesIn(id), version: cluster }),
        irreversible: `All nodes are replaced. Amazon EKS can roll them back from Kubernetes ${cluster} to ${version} only together with a rollback of their cluster.`,
      },
    ];
  },

  async list(_, aws) {
    const arns: string[] = [];
    for (const clusterName of await listClusters(aws)) {
      for (const nodegroupName of await listNodegroups(clusterName, aws)) {
        const answer = await undefinedOn(
          ['ResourceNotFoundException'],
          aws.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })),
        );
        arns.push(...[answer?.nodegroup?.nodegroupArn].filter((arn) => arn !== undefined));
      }
    }
    return arns;
  },
});

/** The last minor version (after `1.`) for which Amazon EKS published such images. */
const newestOfAmazonLinux2 = 32;

// A degraded group may only need a newer image.
const open = ['ACTIVE', 'DEGRADED'];

const listNodegroups = (clusterName: string, aws: Aws): Promise<string[]> =>
  collect(
    (nextToken) => undefinedOn(['ResourceNotFoundException'], aws.send(new ListNodegroupsCommand({ clusterName, nextToken }))),
    (answer) => answer?.nodegroups,
    (answer) => answer?.nextToken,
  );

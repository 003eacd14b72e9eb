import { DescribeNodegroupCommand, EKSClient, ListNodegroupsCommand, UpdateNodegroupVersionCommand } from '@aws-sdk/client-eks';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { type Aws, defineRule, notFound } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { describeNodegroup, namesIn, nodegroup, nodegroupReading, nodegroups } from './nodegroup/resource';
import { minorOf, readOldest, versionParameters, versionReading } from './version/supported';

type State = {
  readonly version: string;
  /** The version of the cluster: its nodes can't be newer. */
  readonly cluster: string;
  /** In standard support. */
  readonly oldest: string;
  /** The sort of image that its nodes start from; it can't change. */
  readonly image: string;
  /** The status, where it is not active. */
  readonly status?: string;
  /** That of the cluster, likewise. */
  readonly clusterStatus?: string;
};

export default defineRule({
  id: 'eks-nodegroup-version-supported',
  title: 'EKS node groups run a version of Kubernetes that is in standard support',
  why: 'An old version of the kubelet, and of the image around it, gets no fixes.',
  impact:
    'All nodes of the group are replaced, a few at a time, by nodes of the version of the cluster: pods move, and those that a disruption budget holds back stop the update. A rollback does not take them back.',
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
        unfixable: `The nodes start from an image of their owner's, with Kubernetes ${version}. Give the group a version of its launch template with a newer image.`,
      };
    if (minorOf(cluster) < minorOf(oldestVersionSupported))
      return {
        unfixable: `The cluster itself runs Kubernetes ${cluster}, and its nodes can not be newer. Upgrade the cluster first: eks-cluster-version-supported does.`,
      };
    if (image.startsWith('AL2_') && minorOf(cluster) > newestOfAmazonLinux2)
      return {
        unfixable: `The nodes run Amazon Linux 2, for which AWS EKS has no image with Kubernetes ${cluster}, and a node group keeps its sort of image. Make a new one with Amazon Linux 2023 or Bottlerocket, and move the pods there.`,
      };
    if (status !== undefined && /FAILED$/.test(status))
      return {
        unfixable: `The node group is ${status}, and AWS EKS changes nothing about it until somebody has put that right.`,
        code: 'resource-failed',
      };
    if (status !== undefined) return { blocked: `The node group is ${status}; AWS EKS takes changes when it is active again.` };
    if (clusterStatus === 'FAILED')
      return { unfixable: 'The cluster has failed, and Amazon EKS rejects changes to its node groups.', code: 'resource-failed' };
    if (clusterStatus !== undefined)
      return { blocked: `The cluster is ${clusterStatus}; AWS EKS changes its node groups when it is active again.` };
    return [
      {
        do: new UpdateNodegroupVersionCommand({ ...namesIn(id), version: cluster }),
        irreversible: `All nodes are replaced, and AWS EKS takes them back from Kubernetes ${cluster} to ${version} at most where it takes their cluster back.`,
      },
    ];
  },

  async list(_, aws) {
    const arns: string[] = [];
    for (const clusterName of await listClusters(aws)) {
      for (const nodegroupName of await listNodegroups(clusterName, aws)) {
        const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })));
        arns.push(...[answer?.nodegroup?.nodegroupArn].filter((arn) => arn !== undefined));
      }
    }
    return arns;
  },
});

/** The last version of Kubernetes that AWS EKS made such images for, behind the `1.`. */
const newestOfAmazonLinux2 = 32;

// A degraded group may well lack nothing but a newer image.
const open = ['ACTIVE', 'DEGRADED'];

const listNodegroups = (clusterName: string, aws: Aws): Promise<string[]> =>
  collect(
    (nextToken) => undefinedOn(['ResourceNotFoundException'], aws.send(new ListNodegroupsCommand({ clusterName, nextToken }))),
    (answer) => answer?.nodegroups,
    (answer) => answer?.nextToken,
  );

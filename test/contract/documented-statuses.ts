import { isChanges } from '../../functions/plan/change';
import type { Plan } from '../../rules/rule';

/** The statuses of a resource by AWS's documentation, and where the answer of an action has them; those that let changes through are left out. */
export interface DocumentedStatuses {
  readonly action: string;
  /** The member of the answer, through all lists on the way. */
  readonly member: string;
  readonly source: string;
  /** They stay until a person acts: a rule that answers `blocked` would wait for ever. */
  readonly lasting: readonly string[];
  /** They end by themselves: a rule that answers `unfixable` would give up too early. */
  readonly passing: readonly string[];
}

const rds = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status';
const aurora = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Aurora.Status';

export const documentedStatuses: readonly DocumentedStatuses[] = [
  {
    action: 'rds:DescribeDBInstances',
    member: 'DBInstances.DBInstanceStatus',
    source: rds,
    lasting: [
      'failed',
      'inaccessible-encryption-credentials',
      'inaccessible-encryption-credentials-recoverable',
      'incompatible-create',
      'incompatible-network',
      'incompatible-option-group',
      'incompatible-parameters',
      'incompatible-restore',
      'insufficient-capacity',
      'restore-error',
      'stopped',
      'storage-full',
      'upgrade-failed',
    ],
    passing: [
      'backing-up',
      'configuring-enhanced-monitoring',
      'configuring-iam-database-auth',
      'configuring-log-exports',
      'converting-to-vpc',
      'creating',
      'maintenance',
      'modifying',
      'moving-to-vpc',
      'rebooting',
      'renaming',
      'resetting-master-credentials',
      'starting',
      'stopping',
      'storage-config-upgrade',
      'upgrading',
    ],
  },
  {
    action: 'rds:DescribeDBClusters',
    member: 'DBClusters.Status',
    source: aurora,
    lasting: [
      'cloning-failed',
      'inaccessible-encryption-credentials',
      'inaccessible-encryption-credentials-recoverable',
      'migration-failed',
      'stopped',
    ],
    passing: [
      'backing-up',
      'backtracking',
      'creating',
      'failing-over',
      'maintenance',
      'migrating',
      'modifying',
      'preparing-data-migration',
      'promoting',
      'renaming',
      'resetting-master-credentials',
      'starting',
      'stopping',
      'update-iam-db-auth',
      'upgrading',
    ],
  },
  {
    action: 'redshift:DescribeClusters',
    member: 'Clusters.ClusterStatus',
    source: 'https://docs.aws.amazon.com/redshift/latest/APIReference/API_Cluster.html',
    lasting: [
      'hardware-failure',
      'incompatible-hsm',
      'incompatible-network',
      'incompatible-parameters',
      'incompatible-restore',
      'paused',
      'storage-full',
    ],
    passing: [
      'cancelling-resize',
      'creating',
      'final-snapshot',
      'modifying',
      'rebooting',
      'renaming',
      'resizing',
      'rotating-keys',
      'updating-hsm',
    ],
  },
  {
    action: 'elasticache:DescribeCacheClusters',
    member: 'CacheClusters.CacheClusterStatus',
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html',
    lasting: ['incompatible-network', 'restore-failed'],
    passing: ['creating', 'modifying', 'rebooting cluster nodes', 'snapshotting'],
  },
  {
    action: 'elasticache:DescribeReplicationGroups',
    member: 'ReplicationGroups.Status',
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html',
    lasting: ['create-failed'],
    passing: ['creating', 'modifying', 'snapshotting'],
  },
  {
    action: 'kafka:DescribeClusterV2',
    member: 'ClusterInfo.State',
    source: 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-cluster-states.html',
    lasting: ['FAILED'],
    passing: ['CREATING', 'HEALING', 'MAINTENANCE', 'REBOOTING_BROKER', 'UPDATING'],
  },
  {
    action: 'eks:DescribeCluster',
    member: 'cluster.status',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html',
    lasting: ['FAILED'],
    passing: ['CREATING', 'PENDING', 'UPDATING'],
  },
  {
    action: 'eks:DescribeNodegroup',
    member: 'nodegroup.status',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html',
    lasting: ['CREATE_FAILED', 'DELETE_FAILED'],
    passing: ['CREATING', 'UPDATING'],
  },
  {
    action: 'dynamodb:DescribeTable',
    member: 'Table.TableStatus',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html',
    lasting: ['ARCHIVED', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'REPLICATION_NOT_AUTHORIZED'],
    passing: ['CREATING', 'UPDATING'],
  },
  {
    action: 'kms:DescribeKey',
    member: 'KeyMetadata.KeyState',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html',
    lasting: ['Disabled', 'PendingDeletion', 'PendingImport', 'PendingReplicaDeletion', 'Unavailable'],
    passing: ['Creating', 'Updating'],
  },
  {
    action: 'sagemaker:DescribeNotebookInstance',
    member: 'NotebookInstanceStatus',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateNotebookInstance.html',
    lasting: ['InService'],
    passing: ['Pending', 'Stopping', 'Updating'],
  },
  {
    action: 'redshift-serverless:ListWorkgroups',
    member: 'workgroups.status',
    source: 'https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Workgroup.html',
    lasting: [],
    passing: ['CREATING', 'MODIFYING'],
  },
  {
    action: 'redshift-serverless:ListNamespaces',
    member: 'namespaces.status',
    source: 'https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Namespace.html',
    lasting: [],
    passing: ['MODIFYING'],
  },
  {
    action: 'ec2:DescribeInstances',
    member: 'Reservations.Instances.State.Name',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html',
    lasting: ['stopped'],
    passing: ['pending', 'stopping'],
  },
  {
    action: 'ec2:DescribeTransitGateways',
    member: 'TransitGateways.State',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGateway.html',
    lasting: [],
    passing: ['modifying', 'pending'],
  },
  {
    action: 'elasticloadbalancing:DescribeLoadBalancers',
    member: 'LoadBalancers.State.Code',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html',
    lasting: ['failed'],
    passing: ['provisioning'],
  },
  {
    action: 'elasticbeanstalk:DescribeEnvironments',
    member: 'Environments.Status',
    source: 'https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_EnvironmentDescription.html',
    lasting: [],
    passing: ['Aborting', 'Launching', 'LinkingFrom', 'LinkingTo', 'Updating'],
  },
  {
    action: 'access-analyzer:ListAnalyzers',
    member: 'analyzers.status',
    source: 'https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalyzerSummary.html',
    lasting: ['DISABLED', 'FAILED'],
    passing: ['CREATING'],
  },
];

/** The answer with another status in each place that the member names. */
export function withStatus(answer: unknown, [name = '', ...rest]: readonly string[], status: string): unknown {
  if (Array.isArray(answer)) return answer.map((one) => withStatus(one, [name, ...rest], status));
  if (answer === null || typeof answer !== 'object') return answer;
  const held = answer as Readonly<Record<string, unknown>>;
  if (rest.length === 0) return { ...held, [name]: status };
  return { ...held, [name]: withStatus(held[name], rest, status) };
}

/** Whether a plan waits for a status that stays, has no code for it, or gives up because of one that passes. */
export function isMisjudged(plan: Plan, status: string, { lasting }: Pick<DocumentedStatuses, 'lasting'>): boolean {
  if (isChanges(plan)) return false;
  return lasting.includes(status) ? 'blocked' in plan || plan.code === undefined : 'unfixable' in plan;
}

import { DescribeGlobalClustersCommand, type GlobalCluster } from '@aws-sdk/client-rds';
import { undefinedOn } from '../../absence';
import { everyRegion } from '../../every-region';
import { collect } from '../../pages';
import type { Aws, ResourceKind } from '../../rule';

/** The ARNs of global clusters, for grants. */
export const globalClusters = 'arn:{partition}:rds::{account}:global-cluster:*';

/** An Aurora global database: a primary cluster, and secondary clusters in other regions. */
export const globalCluster: ResourceKind = {
  type: 'AWS::RDS::GlobalCluster',
  arn: 'arn:{partition}:rds::{account}:global-cluster:{id}',
  scope: 'global',
  reportedIn: everyRegion,
  target: ({ id }) => ({ GlobalClusterIdentifier: id }),
  permissions: [{ actions: ['rds:DescribeGlobalClusters'], on: globalClusters }],

  async tags({ id }, aws) {
    const { TagList = [] } = (await describeGlobalCluster(id, aws)) ?? {};
    return Object.fromEntries(TagList.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};

/** A global cluster that has a member in the region; undefined if there is none. */
export async function describeGlobalCluster(GlobalClusterIdentifier: string, aws: Aws): Promise<GlobalCluster | undefined> {
  const answer = await undefinedOn(
    ['GlobalClusterNotFoundFault'],
    aws.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier })),
  );
  return answer?.GlobalClusters?.find((one) => one.GlobalClusterIdentifier === GlobalClusterIdentifier);
}

/** The global clusters that have a member in the region. */
export const readGlobalClusters = (aws: Aws): Promise<readonly GlobalCluster[]> =>
  collect(
    (Marker) => aws.send(new DescribeGlobalClustersCommand({ Marker })),
    ({ GlobalClusters }) => GlobalClusters,
    ({ Marker }) => Marker,
  );

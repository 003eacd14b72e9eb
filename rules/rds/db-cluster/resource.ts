import { type DBCluster, DescribeDBClustersCommand, type DescribeDBClustersCommandInput } from '@aws-sdk/client-rds';
import { undefinedOn } from '../../absence';
import type { Aws, ResourceKind } from '../../rule';
import { readTags } from '../tags/read';
import { clusters } from './describe';

// Names are in lower case.
const resourceId = /^cluster-[A-Z0-9]{20,32}$/;

/** A DB cluster, by its identifier; AWS Config identifies it by its resource id (`cluster-ABC…`). */
export const dbCluster: ResourceKind = {
  type: 'AWS::RDS::DBCluster',
  arn: 'arn:{partition}:rds:{region}:{account}:cluster:{id}',
  assignedId: resourceId,
  scope: 'regional',
  changedBy: {
    service: 'rds',
    calls: {
      'requestParameters.dBClusterIdentifier': ['CreateDBCluster', 'ModifyDBCluster', 'RestoreDBClusterFromSnapshot'],
    },
  },
  target: ({ id }) => ({ DBClusterIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource', 'rds:DescribeDBClusters'], on: clusters }],

  async resolve(id, _, aws) {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(id)) return undefined;
    if (!resourceId.test(id)) return find({ DBClusterIdentifier: id }, aws);
    const found = await find({ Filters: [{ Name: 'db-cluster-resource-id', Values: [id] }] }, aws);
    return found.length > 0 ? found : find({ DBClusterIdentifier: id }, aws);
  },
};

/** The ARNs of the clusters that AWS finds by a resource id or a name. */
async function find(wanted: DescribeDBClustersCommandInput, aws: Aws): Promise<readonly string[]> {
  const answer = await undefinedOn(['DBClusterNotFoundFault'], aws.send(new DescribeDBClustersCommand(wanted)));
  const [name, id] = [wanted.DBClusterIdentifier?.toLowerCase(), wanted.Filters?.[0]?.Values?.[0]];
  const isIt = (one: DBCluster) => (name === undefined ? one.DbClusterResourceId === id : one.DBClusterIdentifier === name);
  return (answer?.DBClusters ?? []).flatMap((one) => (isIt(one) ? (one.DBClusterArn ?? []) : []));
}

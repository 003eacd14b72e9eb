import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';

/** A manual snapshot of a DB cluster. An automated one has a `:` in its name and can't be shared. */
export const dbClusterSnapshot: ResourceKind = {
  type: 'AWS::RDS::DBClusterSnapshot',
  arn: 'arn:{partition}:rds:{region}:{account}:cluster-snapshot:{id}',
  scope: 'regional',
  target: ({ id }) => ({ DBClusterSnapshotIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource'], on: 'arn:{partition}:rds:{region}:{account}:cluster-snapshot:*' }],
};

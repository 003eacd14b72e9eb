import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';

/** A manual snapshot of a DB cluster. An automated one has a `:` in its name. */
export const dbClusterSnapshot: ResourceKind = {
  type: 'AWS::RDS::DBClusterSnapshot',
  arn: 'arn:{partition}:rds:{region}:{account}:cluster-snapshot:{id}',
  // One that RDS or AWS Backup has made has a prefix.
  name: /(?:(?:rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]{0,254}/,
  scope: 'regional',
  changedBy: {
    service: 'rds',
    calls: {
      'requestParameters.dBClusterSnapshotIdentifier': ['ModifyDBClusterSnapshotAttribute'],
    },
  },
  target: ({ id }) => ({ DBClusterSnapshotIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource'], on: 'arn:{partition}:rds:{region}:{account}:cluster-snapshot:*' }],
};

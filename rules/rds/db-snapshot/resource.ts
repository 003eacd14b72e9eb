import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';

/** A manual snapshot of a DB instance. An automated one has a `:` in its name. */
export const dbSnapshot: ResourceKind = {
  type: 'AWS::RDS::DBSnapshot',
  arn: 'arn:{partition}:rds:{region}:{account}:snapshot:{id}',
  // One that RDS or AWS Backup has made has a prefix.
  name: /(?:(?:rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]{0,254}/,
  scope: 'regional',
  changedBy: {
    service: 'rds',
    calls: {
      'requestParameters.dBSnapshotIdentifier': ['ModifyDBSnapshotAttribute'],
    },
  },
  target: ({ id }) => ({ DBSnapshotIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource'], on: 'arn:{partition}:rds:{region}:{account}:snapshot:*' }],
};

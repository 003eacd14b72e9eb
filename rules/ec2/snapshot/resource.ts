import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** An EBS snapshot. Its ARN contains no account. */
export const snapshot: ResourceKind = {
  type: 'AWS::EC2::Snapshot',
  arn: 'arn:{partition}:ec2:{region}::snapshot/{id}',
  scope: 'regional',
  changedBy: {
    service: 'ec2',
    calls: {
      'requestParameters.snapshotId': ['ModifySnapshotAttribute'],
    },
  },
  recordedBy: 'id',
  target: ({ id }) => ({ SnapshotId: id }),
  tags: readTags,
  permissions: tagPermissions,
};

import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';

/** A manual snapshot of a DB instance. An automated one has a `:` in its name and can't be shared. */
export const dbSnapshot: ResourceKind = {
  type: 'AWS::RDS::DBSnapshot',
  arn: 'arn:{partition}:rds:{region}:{account}:snapshot:{id}',
  scope: 'regional',
  target: ({ id }) => ({ DBSnapshotIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource'], on: 'arn:{partition}:rds:{region}:{account}:snapshot:*' }],
};

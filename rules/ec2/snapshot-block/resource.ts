import type { ResourceKind } from '../../rule';

/** The block public access setting for the snapshots of an account and region. Only AWS Config has an ARN for it. */
export const snapshotBlock: ResourceKind = {
  type: 'AWS::EC2::SnapshotBlockPublicAccess',
  arn: 'arn:{partition}:ec2:{region}:{account}:{freeId}',
  scope: 'regional',
};

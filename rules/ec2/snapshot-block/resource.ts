import type { ResourceKind } from '../../rule';

/** Whether the snapshots of an account and region can be public: one setting for all, which has an ARN of AWS Config's alone. */
export const snapshotBlock: ResourceKind = {
  type: 'AWS::EC2::SnapshotBlockPublicAccess',
  arn: 'arn:{partition}:ec2:{region}:{account}:{freeId}',
  scope: 'regional',
};

import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A virtual private cloud. */
export const vpc: ResourceKind = {
  type: 'AWS::EC2::VPC',
  arn: 'arn:{partition}:ec2:{region}:{account}:vpc/{id}',
  scope: 'regional',
  changedBy: {
    service: 'ec2',
    calls: {
      'responseElements.vpc.vpcId': ['CreateVpc'],
    },
  },
  recordedBy: 'id',
  target: ({ id }) => ({ VpcId: id }),
  tags: readTags,
  permissions: tagPermissions,
};

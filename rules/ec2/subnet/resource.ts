import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A subnet of a VPC. */
export const subnet: ResourceKind = {
  type: 'AWS::EC2::Subnet',
  arn: 'arn:{partition}:ec2:{region}:{account}:subnet/{id}',
  scope: 'regional',
  changedBy: {
    service: 'ec2',
    calls: {
      'requestParameters.subnetId': ['ModifySubnetAttribute'],
      'responseElements.subnet.subnetId': ['CreateSubnet'],
    },
  },
  recordedBy: 'id',
  target: ({ id }) => ({ SubnetId: id }),
  tags: readTags,
  permissions: tagPermissions,
};

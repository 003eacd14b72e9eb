import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A virtual machine. */
export const instance: ResourceKind = {
  type: 'AWS::EC2::Instance',
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  scope: 'regional',
  changedBy: {
    service: 'ec2',
    calls: {
      'responseElements.instancesSet.items[].instanceId': ['RunInstances'],
      'requestParameters.instanceId': ['ModifyInstanceAttribute'],
      'requestParameters.ModifyInstanceMetadataOptionsRequest.InstanceId': ['ModifyInstanceMetadataOptions'],
    },
  },
  recordedBy: 'id',
  target: ({ id }) => ({ InstanceId: id }),
  tags: readTags,
  permissions: tagPermissions,
};

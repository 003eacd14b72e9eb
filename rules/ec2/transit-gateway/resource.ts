import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A transit gateway. */
export const transitGateway: ResourceKind = {
  type: 'AWS::EC2::TransitGateway',
  arn: 'arn:{partition}:ec2:{region}:{account}:transit-gateway/{id}',
  scope: 'regional',
  recordedBy: 'id',
  target: ({ id }) => ({ TransitGatewayId: id }),
  tags: readTags,
  permissions: tagPermissions,
};

import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A security group of a VPC. */
export const securityGroup: ResourceKind = {
  type: 'AWS::EC2::SecurityGroup',
  arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{id}',
  scope: 'regional',
  changedBy: {
    service: 'ec2',
    calls: {
      'requestParameters.groupId': ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'],
      'requestParameters.ModifySecurityGroupRulesRequest.GroupId': ['ModifySecurityGroupRules'],
      'responseElements.groupId': ['CreateSecurityGroup'],
    },
  },
  recordedBy: 'id',
  target: ({ id }) => ({ GroupId: id }),
  tags: readTags,
  permissions: tagPermissions,
};

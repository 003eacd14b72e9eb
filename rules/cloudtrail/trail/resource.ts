import { ListTagsCommand } from '@aws-sdk/client-cloudtrail';
import { collect } from '../../pages';
import type { Grant, ResourceKind } from '../../rule';

/** The ARNs of trails, for grants. */
export const trails = 'arn:{partition}:cloudtrail:{region}:{account}:trail/*';

/** The permissions to update a trail. CloudTrail requires all but the first for an organization trail, in its management account. */
export const trailUpdating: readonly Grant[] = [
  { actions: ['cloudtrail:UpdateTrail'], on: trails },
  {
    actions: ['organizations:DescribeOrganization', 'organizations:ListAccounts', 'organizations:ListAWSServiceAccessForOrganization'],
    on: '*',
  },
  {
    actions: ['iam:GetRole'],
    on: 'arn:{partition}:iam::{account}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail',
  },
];

/** A trail, by its name, in its home region. */
export const trail: ResourceKind = {
  type: 'AWS::CloudTrail::Trail',
  arn: 'arn:{partition}:cloudtrail:{region}:{account}:trail/{id}',
  scope: 'regional',
  changedBy: {
    service: 'cloudtrail',
    calls: {
      'requestParameters.name': ['CreateTrail', 'UpdateTrail', 'StopLogging'],
      'requestParameters.trailName': ['PutEventSelectors'],
    },
  },
  // The member accounts of an organization see its trails, and each Region the shadow of a trail of all Regions.
  reportedElsewhere: true,
  target: ({ arn }) => ({ Name: arn }),
  permissions: [{ actions: ['cloudtrail:ListTags'], on: trails }],

  async tags({ arn }, aws) {
    const tags = await collect(
      (NextToken) => aws.send(new ListTagsCommand({ ResourceIdList: [arn], NextToken })),
      ({ ResourceTagList = [] }) => ResourceTagList.flatMap(({ TagsList = [] }) => TagsList),
      ({ NextToken }) => NextToken,
    );
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};

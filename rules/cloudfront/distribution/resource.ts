import { ListTagsForResourceCommand } from '@aws-sdk/client-cloudfront';
import type { ResourceKind } from '../../rule';

/** The ARNs of distributions, for grants. */
export const distributions = 'arn:{partition}:cloudfront::{account}:distribution/*';

/** A distribution, by its id. */
export const distribution: ResourceKind = {
  type: 'AWS::CloudFront::Distribution',
  arn: 'arn:{partition}:cloudfront::{account}:distribution/{id}',
  scope: 'global',
  changedBy: {
    service: 'cloudfront',
    calls: {
      'requestParameters.id': ['UpdateDistribution'],
      'responseElements.distribution.id': ['CreateDistribution', 'CreateDistributionWithTags'],
    },
  },
  target: ({ id }) => ({ Id: id }),
  // In China, the home region of CloudFront is Ningxia.
  recordedIn: { aws: 'us-east-1', 'aws-cn': 'cn-northwest-1' },
  permissions: [{ actions: ['cloudfront:ListTagsForResource'], on: distributions }],

  async tags({ arn }, aws) {
    const { Tags } = await aws.send(new ListTagsForResourceCommand({ Resource: arn }));
    return Object.fromEntries((Tags?.Items ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};

import { DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';
import { absent } from './describe';

/** An Application, Network or Gateway Load Balancer; its id is `app/<name>/<unique id>`. */
export const loadBalancer: ResourceKind = {
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  securityHubType: 'AwsElbv2LoadBalancer',
  arn: 'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{slashedId}',
  scope: 'regional',
  // IAM offers no resource-level permission for it.
  permissions: [{ actions: ['elasticloadbalancing:DescribeTags'], on: '*' }],

  async tags({ arn }, aws) {
    const answer = await undefinedOn(absent, aws.send(new DescribeTagsCommand({ ResourceArns: [arn] })));
    const tags = answer?.TagDescriptions?.flatMap(({ Tags = [] }) => Tags) ?? [];
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};

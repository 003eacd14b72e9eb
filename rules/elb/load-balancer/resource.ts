import { DescribeLoadBalancersCommand, DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { undefinedOn } from '../../absence';
import { tagsIn } from '../../exempt-parts';
import type { Aws, ResourceKind, Tags } from '../../rule';
import { absent, loadBalancerReading } from './describe';

/** An Application, Network or Gateway Load Balancer; its id is `app/<name>/<unique id>`. */
export const loadBalancer: ResourceKind = {
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  securityHubType: 'AwsElbv2LoadBalancer',
  arn: 'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{slashedId}',
  // A name alone; as an ARN, it is that of a Classic Load Balancer.
  assignedId: /^[^/]+$/,
  scope: 'regional',
  changedBy: {
    service: 'elasticloadbalancing',
    calls: {
      'requestParameters.loadBalancerArn': ['ModifyLoadBalancerAttributes', 'CreateListener'],
      'responseElements.loadBalancers[].loadBalancerArn': ['CreateLoadBalancer'],
    },
  },
  // IAM offers no resource-level permission for it.
  permissions: [{ actions: ['elasticloadbalancing:DescribeTags'], on: '*' }, loadBalancerReading],

  async tags({ arn }, aws) {
    return (await readTags([arn], aws)).get(arn) ?? {};
  },

  async resolve(id, _, aws) {
    if (!/^[A-Za-z0-9-]{1,32}$/.test(id)) return undefined;
    const answer = await undefinedOn(absent, aws.send(new DescribeLoadBalancersCommand({ Names: [id] })));
    return (answer?.LoadBalancers ?? []).flatMap((one) => (one.LoadBalancerName === id ? (one.LoadBalancerArn ?? []) : []));
  },
};

/** The maximum number of ARNs in one request. */
const maxArns = 20;

/** The tags of load balancers or listeners, by their ARNs. */
export async function readTags(arns: readonly string[], aws: Aws): Promise<ReadonlyMap<string, Tags>> {
  const found = new Map<string, Tags>();
  for (let from = 0; from < arns.length; from += maxArns) {
    const some = new DescribeTagsCommand({ ResourceArns: arns.slice(from, from + maxArns) });
    const answer = await undefinedOn(absent, aws.send(some));
    for (const { ResourceArn = '', Tags } of answer?.TagDescriptions ?? []) found.set(ResourceArn, tagsIn(Tags));
  }
  return found;
}

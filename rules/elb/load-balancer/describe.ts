import { DescribeLoadBalancersCommand, type LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

// IAM offers no resource-level permission for it.
export const loadBalancerReading: Grant = { actions: ['elasticloadbalancing:DescribeLoadBalancers'], on: '*' };

/** The errors for a load balancer that does not exist; ValidationError is returned for the ARN of a Classic Load Balancer. */
export const absent = ['LoadBalancerNotFoundException', 'ValidationError'];

export async function describeLoadBalancer(arn: string, aws: Aws): Promise<LoadBalancer | undefined> {
  const answer = await undefinedOn(absent, aws.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })));
  return answer?.LoadBalancers?.[0];
}

/** The ARNs of the load balancers of this type in an account and region. */
export async function listLoadBalancers(type: LoadBalancer['Type'], aws: Aws): Promise<readonly string[]> {
  const all = await collect(
    (Marker) => aws.send(new DescribeLoadBalancersCommand({ PageSize: 400, Marker })),
    ({ LoadBalancers }) => LoadBalancers,
    ({ NextMarker }) => NextMarker,
  );
  return all.flatMap(({ LoadBalancerArn, Type }) => (LoadBalancerArn && Type === type ? LoadBalancerArn : []));
}

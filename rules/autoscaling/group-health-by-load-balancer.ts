import { AutoScalingClient, type AutoScalingGroup, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstanceHealthCommand, ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { type Aws, defineRule, notFound } from '../rule';
import { describeGroup, describeGroups, groupReading, groups } from './group/describe';
import { group } from './group/resource';

const parameters = z.strictObject({
  gracePeriodSeconds: z
    .int()
    .min(1)
    .max(7200)
    .default(300)
    .describe('The health check grace period, in seconds, for groups that have none; others keep theirs.'),
});

type State = {
  /** The health check types, such as `EC2` or `EBS,EC2`. */
  readonly healthCheckType: string;
  readonly gracePeriod: number;
  readonly balanced: boolean;
  /** Instances in service that fail the health checks of their load balancer, sorted. */
  readonly unhealthy?: readonly string[];
};

export default defineRule({
  id: 'autoscaling-group-health-by-load-balancer',
  title: 'Auto Scaling groups behind a load balancer use its health checks',
  why: 'By default, a group checks only the EC2 status, so an instance that runs but does not respond is never replaced.',
  impact:
    'From now on, instances that fail the health checks of the load balancer are terminated and replaced. A group that has such instances now is not changed until they are healthy.',
  severity: 'low',
  risk: 'disruptive',
  resource: group,
  property: 'HealthCheckType',
  detectedBy: { securityHub: ['AutoScaling.1'], config: ['autoscaling-group-elb-healthcheck-required'] },
  permissions: {
    inspect: [
      groupReading,
      // IAM offers no resource-level permission for these.
      { actions: ['elasticloadbalancing:DescribeTargetHealth', 'elasticloadbalancing:DescribeInstanceHealth'], on: '*' },
    ],
    change: { actions: ['autoscaling:UpdateAutoScalingGroup'], on: groups },
  },
  clients: [AutoScalingClient, ElasticLoadBalancingV2Client, ElasticLoadBalancingClient],
  commands: [UpdateAutoScalingGroupCommand],
  parameters,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const found = await describeGroup(resource, aws);
    if (!found) return notFound;
    const { HealthCheckType = 'EC2', HealthCheckGracePeriod = 0, LoadBalancerNames = [], TargetGroupARNs = [] } = found;
    const state = {
      healthCheckType: HealthCheckType,
      gracePeriod: HealthCheckGracePeriod,
      balanced: LoadBalancerNames.length + TargetGroupARNs.length > 0,
    };
    if (!state.balanced || asksLoadBalancer(state)) return state;
    const unhealthy = await readUnhealthy(found, aws);
    return { ...state, ...(unhealthy.length > 0 && { unhealthy }) };
  },

  plan({ id }, state, { parameters: { gracePeriodSeconds } }) {
    const { healthCheckType, gracePeriod, balanced, unhealthy = [] } = state;
    if (!balanced || asksLoadBalancer(state)) return [];
    if (unhealthy.length > 0)
      return {
        blocked: `Instances of the group fail the health checks of the load balancer (${unhealthy.slice(0, 5).join(', ')}), and would be terminated immediately.`,
        code: 'instances-unhealthy',
      };
    const others = sourcesOf(healthCheckType).filter((source) => source !== 'EC2');
    const update = (HealthCheckType: string, HealthCheckGracePeriod: number) =>
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: id,
        HealthCheckType,
        ...(gracePeriod === 0 && { HealthCheckGracePeriod }),
      });
    return [{ do: update([...others, 'ELB'].join(','), gracePeriodSeconds), undo: update(healthCheckType, 0) }];
  },

  async list(_, aws) {
    return (await describeGroups(aws)).flatMap(({ AutoScalingGroupARN }) => AutoScalingGroupARN ?? []);
  },
});

const sourcesOf = (healthCheckType: string): readonly string[] => healthCheckType.split(',').map((source) => source.trim());

const asksLoadBalancer = ({ healthCheckType }: State): boolean => sourcesOf(healthCheckType).includes('ELB');

async function readUnhealthy(found: AutoScalingGroup, aws: Aws): Promise<readonly string[]> {
  const unhealthy = new Set<string | undefined>();
  for (const TargetGroupArn of found.TargetGroupARNs ?? []) {
    const answer = await undefinedOn(['TargetGroupNotFoundException'], aws.send(new DescribeTargetHealthCommand({ TargetGroupArn })));
    for (const { Target, TargetHealth } of answer?.TargetHealthDescriptions ?? [])
      if (TargetHealth?.State?.startsWith('unhealthy')) unhealthy.add(Target?.Id);
  }
  for (const LoadBalancerName of found.LoadBalancerNames ?? []) {
    const answer = await undefinedOn(['AccessPointNotFoundException'], aws.send(new DescribeInstanceHealthCommand({ LoadBalancerName })));
    for (const { InstanceId, State } of answer?.InstanceStates ?? []) if (State === 'OutOfService') unhealthy.add(InstanceId);
  }
  const own = (found.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService');
  return own
    .flatMap(({ InstanceId }) => InstanceId ?? [])
    .filter((instance) => unhealthy.has(instance))
    .sort();
}

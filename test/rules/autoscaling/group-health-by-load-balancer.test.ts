import {
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/autoscaling/group-health-by-load-balancer';
import { type Aws, type AwsCommand, notFound, type Plan } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  clients: [EC2Client],
  violations: {
    'a group behind a target group': {
      seed: async (world) => groupWith(world, { TargetGroupARNs: [await newTargetGroup(world)], HealthCheckGracePeriod: 60 }),
      fixed: (world, arn) => expectChecks(world, arn, 'ELB', 60),
      rolledBack: (world, arn) => expectChecks(world, arn, 'EC2', 60),
    },
    'a group behind a Classic Load Balancer, which looks at its volumes': {
      seed: async (world) => {
        await world.send(
          new CreateLoadBalancerCommand({
            LoadBalancerName: 'web',
            Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 }],
            AvailabilityZones: [`${world.region}a`],
          }),
        );
        return groupWith(world, { LoadBalancerNames: ['web'], HealthCheckType: 'EC2, EBS' });
      },
      fixed: (world, arn) => expectChecks(world, arn, 'EBS,ELB', 300),
      rolledBack: (world, arn) => expectChecks(world, arn, 'EC2, EBS', 300),
    },
  },
  compliant: {
    'a group without a load balancer': { seed: (world) => groupWith(world, {}) },
    'a group that asks its load balancer': {
      seed: async (world) => groupWith(world, { TargetGroupARNs: [await newTargetGroup(world)], HealthCheckType: 'ELB' }),
    },
    'a group that asks its load balancer among others': {
      seed: async (world) => groupWith(world, { TargetGroupARNs: [await newTargetGroup(world)], HealthCheckType: 'EBS, ELB' }),
    },
  },
  missing: 'no-such-group',
});

async function groupWith(world: World, input: Partial<CreateAutoScalingGroupCommandInput>): Promise<string> {
  await world.send(
    new CreateLaunchConfigurationCommand({ LaunchConfigurationName: 'web', ImageId: 'ami-12c6146b', InstanceType: 't3.micro' }),
  );
  const AutoScalingGroupName = 'Web shop/blue (2)';
  await world.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      LaunchConfigurationName: 'web',
      MinSize: 0,
      MaxSize: 0,
      AvailabilityZones: [`${world.region}a`],
      ...input,
    }),
  );
  const { AutoScalingGroups = [] } = await world.send(new DescribeAutoScalingGroupsCommand({}));
  return AutoScalingGroups[0]?.AutoScalingGroupARN ?? '';
}

async function newTargetGroup(world: World): Promise<string> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { TargetGroups = [] } = await world.send(
    new CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: Vpc?.VpcId }),
  );
  return TargetGroups[0]?.TargetGroupArn ?? '';
}

async function expectChecks(world: World, arn: string, HealthCheckType: string, HealthCheckGracePeriod: number): Promise<void> {
  const { AutoScalingGroups = [] } = await world.send(new DescribeAutoScalingGroupsCommand({}));
  expect(AutoScalingGroups).toMatchObject([{ AutoScalingGroupARN: arn, HealthCheckType, HealthCheckGracePeriod, MaxSize: 0 }]);
}

const arn = 'arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0a:autoScalingGroupName/web';
const resource = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  id: 'web',
  arn,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

/** What is planned for a group as AWS shows it, of which these targets are unhealthy. */
async function planFor(over: object, unhealthy: readonly string[] = [], State = 'unhealthy'): Promise<Plan | typeof notFound> {
  const found = {
    AutoScalingGroupARN: arn,
    HealthCheckType: 'EC2',
    HealthCheckGracePeriod: 300,
    TargetGroupARNs: ['t'],
    Instances: ['i-0b', 'i-0a'].map((InstanceId) => ({ InstanceId, LifecycleState: 'InService' })),
    ...over,
  };
  const answers: Readonly<Record<string, object>> = {
    DescribeAutoScalingGroups: { AutoScalingGroups: [found] },
    DescribeTargetHealth: {
      TargetHealthDescriptions: [
        { Target: { Id: 'i-0c' }, TargetHealth: { State: 'initial' } },
        ...unhealthy.map((Id) => ({ Target: { Id }, TargetHealth: { State } })),
      ],
    },
    DescribeInstanceHealth: { InstanceStates: unhealthy.map((InstanceId) => ({ InstanceId, State: 'OutOfService' })) },
  };
  const send = async (command: AwsCommand) => answers[callOf(command).operation];
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  if (state === notFound) return notFound;
  return rule.plan(resource, state, { parameters: { gracePeriodSeconds: 300 }, detectedBy: 'AutoScaling.1', now: new Date(0) });
}

describe('a group', () => {
  it.each([{}, { TargetGroupARNs: [], LoadBalancerNames: ['web'] }])('waits while it has unhealthy instances: %j', async (over) => {
    expect(await planFor(over, ['i-0b', 'i-0a'])).toEqual({
      blocked: expect.stringContaining('(i-0a, i-0b)'),
      code: 'instances-unhealthy',
    });
  });

  it('waits for instances that the load balancer lets go as unhealthy, and not for those that it lets go', async () => {
    expect(await planFor({}, ['i-0a'], 'unhealthy.draining')).toEqual({
      blocked: expect.stringContaining('(i-0a)'),
      code: 'instances-unhealthy',
    });
    for (const state of ['draining', 'unused', 'unavailable', 'healthy']) expect(await planFor({}, ['i-0a'], state)).toHaveLength(1);
  });

  it('does not wait for instances that are not its own, or not in service, and for those that are starting', async () => {
    expect(await planFor({ Instances: [{ InstanceId: 'i-0c', LifecycleState: 'InService' }] }, ['i-0a'])).toHaveLength(1);
    expect(await planFor({ Instances: [{ InstanceId: 'i-0a', LifecycleState: 'Standby' }] }, ['i-0a'])).toHaveLength(1);
  });

  it('that gives new instances no time gets some, and loses it again', async () => {
    expect(await planFor({ HealthCheckGracePeriod: 0 })).toMatchObject([
      {
        do: { input: { HealthCheckType: 'ELB', HealthCheckGracePeriod: 300 } },
        undo: { input: { HealthCheckType: 'EC2', HealthCheckGracePeriod: 0 } },
      },
    ]);
  });

  it('is gone while it is being deleted, and where it is another of that name', async () => {
    expect(await planFor({ Status: 'Delete in progress' })).toBe(notFound);
    expect(await planFor({ AutoScalingGroupARN: arn.replace('0a', '0b') })).toBe(notFound);
  });
});

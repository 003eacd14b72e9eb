import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { describeTable, listing, listTables } from './table/describe';
import { table, tables } from './table/resource';
import { readScales, type Scale, scalingChanges, scalingCommands, scalingTargets } from './table/scaling';

const id = 'dynamodb-table-capacity-scaled';

const parameters = z.strictObject({
  targetUtilization: z
    .int()
    .min(20)
    .max(90)
    .default(70)
    .describe('The target utilization of the provisioned capacity, in percent: capacity increases above it and decreases below it.'),
  growth: z
    .int()
    .min(2)
    .max(100)
    .default(10)
    .describe('The maximum capacity, as a multiple of the current one. The minimum is the current capacity.'),
});

type State = { readonly scales: readonly Scale[] };

const scalableTargets = 'arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*';
const role = 'aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable';

const limits = { unmappable: 'The limits follow from the capacity of the table.' };
const targets = { unmappable: 'The rule keeps the target of a scaling policy that exists.' };

export default defineRule({
  id,
  title: 'DynamoDB tables scale their capacity automatically',
  why: 'DynamoDB throttles reads and writes that exceed the provisioned capacity.',
  impact:
    'Under load, the table and its indexes scale up (by default to at most ten times their current capacity), and the additional capacity is charged while it is in use. They never scale below their current capacity.',
  severity: 'medium',
  risk: 'safe',
  resource: table,
  detectedBy: { securityHub: ['DynamoDB.1'], config: ['dynamodb-autoscaling-enabled'] },
  detectorParameters: {
    'DynamoDB.1': {
      minProvisionedReadCapacity: limits,
      targetReadUtilization: targets,
      minProvisionedWriteCapacity: limits,
      targetWriteUtilization: targets,
    },
    'dynamodb-autoscaling-enabled': {
      minProvisionedReadCapacity: limits,
      maxProvisionedReadCapacity: limits,
      targetReadUtilization: targets,
      minProvisionedWriteCapacity: limits,
      maxProvisionedWriteCapacity: limits,
      targetWriteUtilization: targets,
    },
  },
  permissions: {
    inspect: [
      { actions: ['dynamodb:DescribeTable'], on: tables },
      { actions: ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScalingPolicies'], on: '*' },
      listing,
    ],
    change: [
      {
        actions: [
          'application-autoscaling:RegisterScalableTarget',
          'application-autoscaling:DeregisterScalableTarget',
          'application-autoscaling:PutScalingPolicy',
          'application-autoscaling:DeleteScalingPolicy',
          'application-autoscaling:TagResource',
        ],
        on: scalableTargets,
      },
      // Application Auto Scaling requires these of the caller who creates a policy.
      { actions: ['dynamodb:UpdateTable'], on: tables },
      {
        actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
        on: 'arn:{partition}:cloudwatch:{region}:{account}:alarm:TargetTracking-table/*',
      },
      { actions: ['cloudwatch:DescribeAlarms'], on: 'arn:{partition}:cloudwatch:{region}:{account}:alarm:*' },
      {
        actions: ['iam:CreateServiceLinkedRole'],
        on: `arn:{partition}:iam::{account}:role/${role}`,
        condition: { StringEquals: { 'iam:AWSServiceName': 'dynamodb.application-autoscaling.amazonaws.com' } },
      },
    ],
  },
  clients: [DynamoDBClient, ApplicationAutoScalingClient],
  commands: scalingCommands,
  parameters,

  async inspect({ id: name }, aws): Promise<State | typeof notFound> {
    const found = await describeTable(name, aws);
    return found ? { scales: (await readScales(found, aws)).map(settled) } : notFound;
  },

  plan: (_, { scales }, { parameters: scaling }) => scales.flatMap((scale) => scalingChanges(scale, scaling, { 'posture:rule': id })),

  targets: (_, { now: { scales } }) => scalingTargets(scales),

  list: listTables,
});

/** A scaling policy changes the capacity on its own. */
const settled = (scale: Scale): Scale => (scale.scaled === 'policy' ? { ...scale, capacity: 0 } : scale);

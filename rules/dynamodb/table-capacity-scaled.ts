import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { describeTable, listing, listTables } from './table/describe';
import { table, tables } from './table/resource';
import { readScales, type Scale, scalingChanges, scalingCommands } from './table/scaling';

const id = 'dynamodb-table-capacity-scaled';

const parameters = z.strictObject({
  targetUtilization: z
    .int()
    .min(20)
    .max(90)
    .default(70)
    .describe('How many percent of the provisioned capacity shall be in use: capacity grows above, and shrinks below.'),
  growth: z
    .int()
    .min(2)
    .max(100)
    .default(10)
    .describe('Up to how many times its capacity now a table may grow. It never shrinks below what it has now.'),
});

type State = { readonly scales: readonly Scale[] };

const targets = 'arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*';
const role = 'aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable';

export default defineRule({
  id,
  title: 'DynamoDB tables follow the demand with their capacity',
  why: 'Where more is asked for than is provisioned, DynamoDB refuses reads and writes.',
  impact:
    'Under load the table and its indexes grow, up to ten times if nothing else is said, and are billed for it as long as it lasts. They never shrink below the capacity that they have now.',
  severity: 'medium',
  risk: 'safe',
  resource: table,
  detectedBy: { securityHub: ['DynamoDB.1'], config: ['dynamodb-autoscaling-enabled'] },
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
        on: targets,
      },
      // Application Auto Scaling asks for these of whoever makes a policy.
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

  list: listTables,
});

/** What has a policy changes its capacity by itself. */
const settled = (scale: Scale): Scale => (scale.scaled === 'policy' ? { ...scale, capacity: 0 } : scale);

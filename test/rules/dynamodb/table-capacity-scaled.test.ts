import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { GlobalSecondaryIndex, ProvisionedThroughput } from '@aws-sdk/client-dynamodb';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { table } from '../../../rules/dynamodb/table/resource';
import rule from '../../../rules/dynamodb/table-capacity-scaled';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newTable } from './new-table';

const throughput: ProvisionedThroughput = { ReadCapacityUnits: 3, WriteCapacityUnits: 2 };
const byDate: GlobalSecondaryIndex = {
  IndexName: 'by-date',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
  ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 5 },
};
const reads = 'dynamodb:table:ReadCapacityUnits';
const writes = 'dynamodb:table:WriteCapacityUnits';

describeRule(rule, {
  violations: {
    'a table of fixed capacity': {
      seed: newTable({ ProvisionedThroughput: throughput }),
      fixed: async (world, id) =>
        expect(await scalingOf(world, id)).toEqual([
          [`table/${id}`, reads, 3, 30, 70, 'DynamoDBReadCapacityUtilization'],
          [`table/${id}`, writes, 2, 20, 70, 'DynamoDBWriteCapacityUtilization'],
        ]),
      rolledBack: async (world, id) => expect(await scalingOf(world, id)).toEqual([]),
    },
    'a table whose writes follow the demand, and its reads do not': {
      async seed(world) {
        const id = await newTable({ ProvisionedThroughput: throughput })(world);
        await scale(world, id, writes);
        return id;
      },
      fixed: async (world, id) =>
        expect(await scalingOf(world, id)).toEqual([
          [`table/${id}`, reads, 3, 30, 70, 'DynamoDBReadCapacityUtilization'],
          [`table/${id}`, writes, 1, 4, 50, 'DynamoDBWriteCapacityUtilization'],
        ]),
      rolledBack: async (world, id) => expect(await scalingOf(world, id)).toHaveLength(1),
    },
    'a table with an index of fixed capacity, and owners who say how much': {
      async seed(world) {
        const id = await newTable({ ProvisionedThroughput: throughput, GlobalSecondaryIndexes: [byDate] })(world);
        await scale(world, id, reads);
        await scale(world, id, writes);
        return id;
      },
      parameters: { targetUtilization: 40, growth: 3 },
      fixed: async (world, id) =>
        expect(await scalingOf(world, `${id}/index/by-date`)).toEqual([
          [`table/${id}/index/by-date`, 'dynamodb:index:ReadCapacityUnits', 7, 21, 40, 'DynamoDBReadCapacityUtilization'],
          [`table/${id}/index/by-date`, 'dynamodb:index:WriteCapacityUnits', 5, 15, 40, 'DynamoDBWriteCapacityUtilization'],
        ]),
    },
    'a table that has limits of its owner, and nothing that scales it between them': {
      async seed(world) {
        const id = await newTable({ ProvisionedThroughput: throughput })(world);
        await limit(world, id, reads);
        await scale(world, id, writes);
        return id;
      },
      fixed: async (world, id) =>
        expect((await scalingOf(world, id))[0]).toEqual([`table/${id}`, reads, 1, 4, 70, 'DynamoDBReadCapacityUtilization']),
    },
  },
  compliant: {
    'a table on demand': { seed: newTable() },
    'a table with an index on demand': { seed: newTable({ GlobalSecondaryIndexes: [{ ...byDate, ProvisionedThroughput: undefined }] }) },
    'a table that follows the demand': {
      async seed(world) {
        const id = await newTable({ ProvisionedThroughput: throughput })(world);
        await scale(world, id, reads);
        await scale(world, id, writes);
        return id;
      },
    },
  },
  missing: 'no-such-table',
  unexercised: {
    'dynamodb:UpdateTable': 'Application Auto Scaling asks for it where a policy is made; it changes the capacity itself.',
    'cloudwatch:PutMetricAlarm': 'Application Auto Scaling makes the alarms of a policy.',
    'cloudwatch:DeleteAlarms': 'Application Auto Scaling deletes the alarms of a policy.',
    'cloudwatch:DescribeAlarms': 'Application Auto Scaling looks for the alarms of a policy.',
    'iam:CreateServiceLinkedRole': 'Application Auto Scaling makes its role where there is none.',
  },
});

const resource = {
  type: table.type,
  id: 't',
  arn: 'arn:aws:dynamodb:eu-west-1:1:table/t',
  partition: 'aws',
  account: '1',
  region: 'eu-west-1',
};
const context = { parameters: { targetUtilization: 70, growth: 10 }, detectedBy: 'DynamoDB.1', now: new Date(0) };

it('reads all pages of what scales a table, leaves out an index on its way out, and forgets capacities that change by themselves', async () => {
  const target = (ResourceId: string, ScalableDimension: string) => ({ ResourceId, ScalableDimension });
  const answers: Readonly<Record<string, readonly object[]>> = {
    DescribeTableCommand: [
      {
        Table: {
          TableName: 't',
          ProvisionedThroughput: { ReadCapacityUnits: 9, WriteCapacityUnits: 0 },
          GlobalSecondaryIndexes: [{ IndexName: 'old', IndexStatus: 'DELETING' }],
        },
      },
    ],
    DescribeScalableTargetsCommand: [
      { ScalableTargets: [target('table/t', writes)], NextToken: '1' },
      { ScalableTargets: [target('table/t', reads)] },
    ],
    DescribeScalingPoliciesCommand: [
      { ScalingPolicies: [target('table/u', writes)], NextToken: '1' },
      { ScalingPolicies: [target('table/t', reads)] },
    ],
  };
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      const { NextToken = '0' } = command.input as { NextToken?: string };
      return answers[command.constructor.name]?.[Number(NextToken)] as Output;
    },
  };
  const state = await rule.inspect(resource, aws);
  expect(state).toEqual({
    scales: [
      { of: 'table/t', dimension: reads, capacity: 0, scaled: 'policy' },
      { of: 'table/t', dimension: writes, capacity: 1, scaled: 'limits' },
    ],
  });
  const plan = state === notFound ? [] : rule.plan(resource, state, context);
  expect(isChanges(plan) && plan.map(loggedChange)).toMatchObject([{ do: { operation: 'PutScalingPolicy' } }]);
});

it('marks the targets that it registers', () => {
  const scales = [{ of: 'table/t', dimension: reads, capacity: 1, scaled: 'no' }] as const;
  const plan = rule.plan(resource, { scales }, context);
  expect(isChanges(plan) && plan[0]?.do.input).toMatchObject({ Tags: { 'posture:rule': rule.id } });
});

const ServiceNamespace = 'dynamodb';
type Dimension = typeof reads | typeof writes;

async function limit(world: World, id: string, ScalableDimension: Dimension): Promise<void> {
  const limits = { MinCapacity: 1, MaxCapacity: 4 };
  await world.send(new RegisterScalableTargetCommand({ ServiceNamespace, ResourceId: `table/${id}`, ScalableDimension, ...limits }));
}

async function scale(world: World, id: string, ScalableDimension: Dimension): Promise<void> {
  await limit(world, id, ScalableDimension);
  await world.send(
    new PutScalingPolicyCommand({
      ServiceNamespace,
      ResourceId: `table/${id}`,
      ScalableDimension,
      PolicyName: 'theirs',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 50,
        PredefinedMetricSpecification: {
          PredefinedMetricType: ScalableDimension === reads ? 'DynamoDBReadCapacityUtilization' : 'DynamoDBWriteCapacityUtilization',
        },
      },
    }),
  );
}

/** Each scale that follows the demand: of what, between what, by which measure. */
async function scalingOf(world: World, id: string) {
  const ResourceId = `table/${id}`;
  const { ScalableTargets = [] } = await world.send(new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId] }));
  const { ScalingPolicies = [] } = await world.send(new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId }));
  return ScalableTargets.flatMap(({ ScalableDimension, MinCapacity, MaxCapacity }) =>
    ScalingPolicies.filter((policy) => policy.ScalableDimension === ScalableDimension).map((policy) => {
      const { TargetValue, PredefinedMetricSpecification } = policy.TargetTrackingScalingPolicyConfiguration ?? {};
      return [
        policy.ResourceId,
        ScalableDimension,
        MinCapacity,
        MaxCapacity,
        TargetValue,
        PredefinedMetricSpecification?.PredefinedMetricType,
      ];
    }),
  ).sort();
}

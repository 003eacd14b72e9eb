import {
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type ScalableDimension,
  type ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { collect } from '../../pages';
import type { Aws, Change, Tags, Targets } from '../../rule';

const ServiceNamespace = 'dynamodb';

/** The read or write capacity of a table or an index, and how it scales now: a target (`limits`) without a policy scales nothing. */
export type Scale = {
  /** `table/orders`, `table/orders/index/by-date`. */
  readonly of: string;
  readonly dimension: string;
  readonly capacity: number;
  readonly scaled: 'no' | 'limits' | 'policy';
};

/** The read and write capacities of a table and its indexes; none for on-demand mode. */
export async function readScales({ TableName, ...found }: TableDescription, aws: Aws): Promise<readonly Scale[]> {
  if (found.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST') return [];
  const { ProvisionedThroughput, GlobalSecondaryIndexes = [] } = found;
  const parts = [
    { of: `table/${TableName}`, sort: 'table', throughput: ProvisionedThroughput },
    ...GlobalSecondaryIndexes.filter(({ IndexStatus }) => IndexStatus !== 'DELETING').map((index) => ({
      of: `table/${TableName}/index/${index.IndexName}`,
      sort: 'index',
      throughput: index.ProvisionedThroughput,
    })),
  ];
  const limits = await collect(
    (NextToken) => aws.send(new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: parts.map(({ of }) => of), NextToken })),
    ({ ScalableTargets }) => ScalableTargets,
    ({ NextToken }) => NextToken,
  );
  const policies: ScalingPolicy[] = [];
  for (const { of } of parts.filter((part) => limits.some(({ ResourceId }) => ResourceId === part.of))) {
    policies.push(
      ...(await collect(
        (NextToken) => aws.send(new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId: of, NextToken })),
        ({ ScalingPolicies }) => ScalingPolicies,
        ({ NextToken }) => NextToken,
      )),
    );
  }
  return parts
    .flatMap(({ of, sort, throughput }): readonly Scale[] =>
      (['Read', 'Write'] as const).map((what) => {
        const dimension = `dynamodb:${sort}:${what}CapacityUnits`;
        const isIt = (one: { ResourceId?: string | undefined; ScalableDimension?: string | undefined }): boolean =>
          one.ResourceId === of && one.ScalableDimension === dimension;
        const limited = limits.some(isIt) ? 'limits' : 'no';
        const capacity = throughput?.[`${what}CapacityUnits`] ?? 0;
        return { of, dimension, capacity: Math.max(capacity, 1), scaled: policies.some(isIt) ? 'policy' : limited };
      }),
    )
    .sort((a, b) => (`${a.of} ${a.dimension}` < `${b.of} ${b.dimension}` ? -1 : 1));
}

export interface Scaling {
  readonly targetUtilization: number;
  readonly growth: number;
}

/** The changes that scale a capacity between its current value and a multiple of it. */
export function scalingChanges(
  { of, dimension, capacity, scaled }: Scale,
  { targetUtilization, growth }: Scaling,
  tags: Tags,
): readonly Change[] {
  const scale = { ServiceNamespace, ResourceId: of, ScalableDimension: dimension as ScalableDimension } as const;
  const PolicyName = policyNameOf({ dimension });
  const PredefinedMetricType = dimension.includes('Read') ? 'DynamoDBReadCapacityUtilization' : 'DynamoDBWriteCapacityUtilization';
  const limiting: Change = {
    do: new RegisterScalableTargetCommand({ ...scale, MinCapacity: capacity, MaxCapacity: capacity * growth, Tags: { ...tags } }),
    undo: new DeregisterScalableTargetCommand(scale),
  };
  const following: Change = {
    do: new PutScalingPolicyCommand({
      ...scale,
      PolicyName,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: targetUtilization,
        PredefinedMetricSpecification: { PredefinedMetricType },
      },
    }),
    undo: new DeleteScalingPolicyCommand({ ...scale, PolicyName }),
  };
  if (scaled === 'policy') return [];
  return scaled === 'limits' ? [following] : [limiting, following];
}

const policyNameOf = ({ dimension }: Pick<Scale, 'dimension'>): string => `posture-${dimension.replaceAll(':', '-')}`;

export const scalingCommands = [
  RegisterScalableTargetCommand,
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  DeleteScalingPolicyCommand,
];

/** What these commands name: the table and its indexes, and the scaling policies of this rule. */
export function scalingTargets(scales: readonly Scale[]): Targets {
  const limits = { ServiceNamespace, ResourceId: scales.map(({ of }) => of) };
  const policy = { ...limits, PolicyName: scales.map(policyNameOf) };
  return { RegisterScalableTarget: limits, DeregisterScalableTarget: limits, PutScalingPolicy: policy, DeleteScalingPolicy: policy };
}

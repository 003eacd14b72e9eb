import { GetMetricStatisticsCommand, type GetMetricStatisticsCommandOutput } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { amend } from '../../amendment';
import type { Aws, Grant } from '../../rule';

/** The parameter of rules that require IMDSv2. */
export const quietDays = z
  .int()
  .min(0)
  .max(60)
  .default(7)
  .describe('The number of days without IMDSv1 requests that the change requires. 0 skips the check.');

// IAM offers no resource-level permission for it.
export const untokenedReading: Grant = { actions: ['cloudwatch:GetMetricStatistics'], on: '*' };

/** An instance, or the instances of a group. */
type Asking = { readonly InstanceId: string } | { readonly AutoScalingGroupName: string };

const day = 86_400_000;

/** The input is a number of days, as the calls of a rule must not contain dates. */
const UntokenedStatisticsCommand = amend<{ readonly of: Asking; readonly days: number }>(
  GetMetricStatisticsCommand,
  async ({ of, days }) => {
    const now = Date.now();
    return new GetMetricStatisticsCommand({
      Namespace: 'AWS/EC2',
      MetricName: 'MetadataNoToken',
      Dimensions: Object.entries(of).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(now - days * day),
      EndTime: new Date(now),
      Period: day / 1000,
      Statistics: ['Sum'],
    });
  },
);

/** Whether the instances had IMDSv1 requests in the last days, according to CloudWatch. */
export async function hasAskedWithoutToken(of: Asking, days: number, aws: Aws): Promise<boolean> {
  if (days === 0) return false;
  const answer = await aws.send(new UntokenedStatisticsCommand({ of, days }));
  const { Datapoints = [] } = answer as GetMetricStatisticsCommandOutput;
  return Datapoints.some(({ Sum = 0 }) => Sum > 0);
}

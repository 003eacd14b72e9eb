import { GetMetricStatisticsCommand, type GetMetricStatisticsCommandOutput } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { amend } from '../../amendment';
import { days, minutes, seconds } from '../../duration';
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
type InstanceOrGroup = { readonly InstanceId: string } | { readonly AutoScalingGroupName: string };

/** Its input contains the times as text, as the calls of a rule must not contain dates. */
const UntokenedStatisticsCommand = amend<{ readonly of: InstanceOrGroup; readonly from: string; readonly to: string }>(
  GetMetricStatisticsCommand,
  async ({ of, from, to }) =>
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/EC2',
      MetricName: 'MetadataNoToken',
      Dimensions: Object.entries(of).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(from),
      EndTime: new Date(to),
      Period: days(1) / seconds(1),
      Statistics: ['Sum'],
    }),
);

/** Whether the instances had IMDSv1 requests in the days before `now`, according to CloudWatch. */
export async function hasAskedWithoutToken(
  of: InstanceOrGroup,
  { days: count, now }: { readonly days: number; readonly now: Date },
  aws: Aws,
): Promise<boolean> {
  if (count === 0) return false;
  // The end of the minute: asked again within it, it is the same call.
  const to = new Date(minutes(Math.ceil(now.getTime() / minutes(1))));
  const from = new Date(to.getTime() - days(count));
  const answer = await aws.send(new UntokenedStatisticsCommand({ of, from: from.toISOString(), to: to.toISOString() }));
  const { Datapoints = [] } = answer as GetMetricStatisticsCommandOutput;
  return Datapoints.some(({ Sum = 0 }) => Sum > 0);
}

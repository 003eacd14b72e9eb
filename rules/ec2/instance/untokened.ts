import { GetMetricStatisticsCommand, type GetMetricStatisticsCommandOutput } from '@aws-sdk/client-cloudwatch';
import { amending } from '../../amendment';
import type { Aws } from '../../rule';

const day = 86_400_000;

/** Its input counts days, as no call of a rule holds a date. */
const UntokenedStatisticsCommand = amending<{ readonly instance: string; readonly days: number }>(
  GetMetricStatisticsCommand,
  async ({ instance, days }) => {
    const now = Date.now();
    return new GetMetricStatisticsCommand({
      Namespace: 'AWS/EC2',
      MetricName: 'MetadataNoToken',
      Dimensions: [{ Name: 'InstanceId', Value: instance }],
      StartTime: new Date(now - days * day),
      EndTime: new Date(now),
      Period: day / 1000,
      Statistics: ['Sum'],
    });
  },
);

/** Whether something on an instance has asked for metadata without a token in the last days, as far as CloudWatch knows. */
export async function hasAskedWithoutToken(instance: string, days: number, aws: Aws): Promise<boolean> {
  const answer = await aws.send(new UntokenedStatisticsCommand({ instance, days }));
  const { Datapoints = [] } = answer as GetMetricStatisticsCommandOutput;
  return Datapoints.some(({ Sum = 0 }) => Sum > 0);
}

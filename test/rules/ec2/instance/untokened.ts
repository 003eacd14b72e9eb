import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { amend } from '../../../../rules/amendment';
import type { World } from '../../../contract/scenario';

interface Note {
  /** The dimension of the metric: `InstanceId` or `AutoScalingGroupName`, and its value. */
  readonly of: Readonly<Record<string, string>>;
  /** How often something asked for metadata without a token, and how many days ago. */
  readonly count: number;
  readonly days: number;
}

const NoteCommand = amend<Note>(PutMetricDataCommand, async ({ of, count, days }) => {
  const Dimensions = Object.entries(of).map(([Name, Value]) => ({ Name, Value }));
  const Timestamp = new Date(Date.now() - days * 86_400_000);
  return new PutMetricDataCommand({
    Namespace: 'AWS/EC2',
    MetricData: [{ MetricName: 'MetadataNoToken', Dimensions, Timestamp, Value: count }],
  });
});

/** Has CloudWatch know that something has asked for metadata without a token. */
export async function noteUntokened(world: World, note: Note): Promise<void> {
  await world.send(new NoteCommand(note));
}

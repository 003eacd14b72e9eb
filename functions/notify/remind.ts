import { createHash } from 'node:crypto';
import { ConflictException, CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { digestTime, type Reminder } from './digest';

/** What the names of the schedules begin with: the function's role may create no others. */
export const schedulePrefix = 'notify';

export interface Secretary {
  readonly client: SchedulerClient;
  readonly group: string;
  readonly role: string;
  /** ARN of the function to invoke. */
  readonly target: string;
  /** ARN of the queue that gets the reminder where that can't be done. */
  readonly undelivered: string;
}

/** Has the function reminded once of the digest of a minute, after the minute. */
export async function remind({ client, group, role, target, undelivered }: Secretary, reminder: Reminder): Promise<void> {
  const { topic, minute } = reminder.digest;
  const short = createHash('sha256').update(`${topic} ${minute}`).digest('hex').slice(0, 16);
  try {
    await client.send(
      new CreateScheduleCommand({
        Name: `${schedulePrefix}-${short}`,
        GroupName: group,
        ScheduleExpression: `at(${digestTime(minute).toISOString().slice(0, 19)})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: target, RoleArn: role, Input: JSON.stringify(reminder), DeadLetterConfig: { Arn: undelivered } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
}

import { createHash } from 'node:crypto';
import { ConflictException, CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import type { AgainMessage } from '../findings/retry-message';

export interface Appointment {
  readonly client: SchedulerClient;
  readonly group: string;
  readonly role: string;
  /** ARN of the function to invoke. */
  readonly target: string;
  /** ARN of the queue that gets the message where that can't be done: Scheduler would let it go without a trace. */
  readonly undelivered: string;
  /** What the names of the schedules begin with: the function's role may create no others. */
  readonly prefix: string;
}

/** Has the function invoked with the message once, at that time. The same name asked twice comes once. */
export async function schedule(
  { client, group, role, target, undelivered, prefix }: Appointment,
  message: AgainMessage,
  at: Date,
  name: string,
): Promise<void> {
  const short = createHash('sha256').update(`${prefix} ${name}`).digest('hex').slice(0, 16);
  try {
    await client.send(
      new CreateScheduleCommand({
        Name: `${prefix.slice(0, 47)}-${short}`,
        GroupName: group,
        ScheduleExpression: `at(${at.toISOString().slice(0, 19)})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: target, RoleArn: role, Input: JSON.stringify(message), DeadLetterConfig: { Arn: undelivered } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
}

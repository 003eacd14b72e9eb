import { createHash } from 'node:crypto';
import { ConflictException, CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';

export interface ScheduleRequest {
  readonly client: SchedulerClient;
  readonly group: string;
  readonly role: string;
  /** ARN of the function to invoke. */
  readonly target: string;
  /** The ARN of the dead-letter queue, without which EventBridge Scheduler would drop an undelivered message. */
  readonly undelivered: string;
  /** The prefix of the schedule names: the role of the function can create only these. */
  readonly prefix: string;
}

/** Schedules one invocation of the function with the message. The same name is scheduled once. */
export async function schedule(
  { client, group, role, target, undelivered, prefix }: ScheduleRequest,
  message: object,
  at: Date,
  name: string,
): Promise<void> {
  const hash = createHash('sha256').update(`${prefix} ${name}`).digest('hex').slice(0, hashLength);
  try {
    await client.send(
      new CreateScheduleCommand({
        Name: `${beginningOf(prefix)}${hash}`,
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

/** The IAM pattern of the names that `schedule` makes. With `*` instead of the hash, a rule could create schedules of another rule whose id begins with its own. */
export const scheduleNames = (prefix: string): string => `${beginningOf(prefix)}${'?'.repeat(hashLength)}`;

const hashLength = 16;

/** The maximum length of a schedule name is 64 characters. */
const beginningOf = (prefix: string): string => `${prefix.slice(0, 64 - 1 - hashLength)}-`;

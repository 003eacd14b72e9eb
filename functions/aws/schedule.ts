import { createHash } from 'node:crypto';
import { ConflictException, CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';

export interface ScheduleRequest {
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

/** The IAM pattern of the names that `schedule` makes. With `*` in place of the hash, a rule could make the schedules of one whose name begins with its own. */
export const scheduleNames = (prefix: string): string => `${beginningOf(prefix)}${'?'.repeat(hashLength)}`;

const hashLength = 16;

/** Scheduler takes 64 characters for a name. */
const beginningOf = (prefix: string): string => `${prefix.slice(0, 64 - 1 - hashLength)}-`;

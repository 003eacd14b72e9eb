import {
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleOutput,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { Account } from './account';

/** A one-time schedule of EventBridge Scheduler. */
export interface Schedule {
  readonly group: string;
  readonly name: string;
  readonly at: Date;
  readonly enabled: boolean;
  readonly target: string;
  /** Of the scheduler, to reach the target. */
  readonly role: string;
  /** As given, most often JSON. */
  readonly input: string;
  readonly deletedAfterwards: boolean;
  /** ARN of the queue that gets what could not be delivered. */
  readonly undelivered: string | undefined;
}

export interface Schedules {
  /** The one-time schedules, the next one first. */
  list(): Promise<readonly Schedule[]>;
  /** Does what EventBridge Scheduler does by that time: delivers each schedule once, in order, and deletes those that ask for it. */
  fire(now: Date, deliver: (schedule: Schedule) => Promise<void>): Promise<readonly Schedule[]>;
}

const timeOf = ({ Name, ScheduleExpression = '', ScheduleExpressionTimezone = 'UTC' }: GetScheduleOutput): Date | undefined => {
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(ScheduleExpression)?.[1];
  if (at === undefined) return undefined;
  if (ScheduleExpressionTimezone !== 'UTC') {
    throw new Error(
      `Schedule ${Name} is in the time zone ${ScheduleExpressionTimezone}; the emulator knows UTC alone. Schedule it in UTC.`,
    );
  }
  return new Date(`${at}Z`);
};

/** The one-time schedules of an account and region, as stored in the emulator, which never fires them by itself. */
export const schedulesOf = ({ configuration }: Pick<Account, 'configuration'>): Schedules => {
  const client = new SchedulerClient(configuration);
  const fired = new Set<string>();

  const read = async (GroupName: string, Name: string): Promise<readonly Schedule[]> => {
    const stored = await client.send(new GetScheduleCommand({ GroupName, Name }));
    const at = timeOf(stored);
    if (at === undefined) return [];
    return [
      {
        group: GroupName,
        name: Name,
        at,
        enabled: stored.State !== 'DISABLED',
        target: stored.Target?.Arn ?? '',
        role: stored.Target?.RoleArn ?? '',
        input: stored.Target?.Input ?? '',
        deletedAfterwards: stored.ActionAfterCompletion === 'DELETE',
        undelivered: stored.Target?.DeadLetterConfig?.Arn,
      },
    ];
  };

  const list = async () => {
    const schedules: Schedule[] = [];
    for await (const { Schedules: page = [] } of paginateListSchedules({ client }, {})) {
      for (const { GroupName = 'default', Name = '' } of page) schedules.push(...(await read(GroupName, Name)));
    }
    return schedules.sort((one, other) => one.at.getTime() - other.at.getTime());
  };

  return {
    list,
    async fire(now, deliver) {
      const identity = ({ group, name, at }: Schedule) => `${group}/${name}/${at.toISOString()}`;
      const due = (await list()).filter((schedule) => schedule.enabled && schedule.at <= now && !fired.has(identity(schedule)));
      for (const schedule of due) {
        await deliver(schedule);
        fired.add(identity(schedule));
        if (schedule.deletedAfterwards) await client.send(new DeleteScheduleCommand({ GroupName: schedule.group, Name: schedule.name }));
      }
      return due;
    },
  };
};

import { AwsError } from '../error';
import type { Service } from '../request';

export interface Schedule {
  readonly name: string;
  readonly at: number;
  /** The ARN of the function to invoke. */
  readonly target: string;
  readonly input: unknown;
}

export interface Scheduler {
  readonly service: Service;
  readonly waiting: ReadonlyMap<string, Schedule>;
  /** Removes a schedule whose time has come. */
  complete(name: string): void;
}

/** One-time schedules. `onCreate` is told of each, to let it come. */
export function scheduler(onCreate: (schedule: Schedule) => void): Scheduler {
  const waiting = new Map<string, Schedule>();
  return {
    waiting,
    complete: (name) => waiting.delete(name),
    service: {
      CreateSchedule({ input, now }) {
        if (waiting.has(input.Name)) throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, 409);
        const [, time] = /^at\((.+)\)$/.exec(input.ScheduleExpression) ?? [];
        if (time === undefined || input.ScheduleExpressionTimezone !== 'UTC')
          throw new AwsError('ValidationException', `Invalid Schedule Expression ${input.ScheduleExpression}.`);
        const at = Math.max(now, Date.parse(`${time}Z`));
        const schedule = { name: input.Name, at, target: input.Target.Arn, input: JSON.parse(input.Target.Input) };
        waiting.set(schedule.name, schedule);
        onCreate(schedule);
        return { ScheduleArn: `arn:aws:scheduler:::schedule/${input.Name}` };
      },
      DeleteSchedule({ input }) {
        if (!waiting.delete(input.Name)) throw new AwsError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`, 404);
        return {};
      },
    },
  };
}

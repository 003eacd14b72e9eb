import { type ScheduleRequest, schedule } from '../aws/schedule';
import { digestTime, type Reminder } from './digest';

/** The prefix of the schedule names. */
export const schedulePrefix = 'notify';

/** Schedules the digest of a minute, once. */
export async function remind(request: Omit<ScheduleRequest, 'prefix'>, reminder: Reminder): Promise<void> {
  const { topic, minute } = reminder.digest;
  await schedule({ ...request, prefix: schedulePrefix }, reminder, digestTime(minute), `${topic} ${minute}`);
}

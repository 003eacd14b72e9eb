import { type ScheduleRequest, schedule } from '../aws/schedule';
import { digestTime, type Reminder } from './digest';

/** What the names of the schedules begin with. */
export const schedulePrefix = 'notify';

/** Has the function reminded once of the digest of a minute, after the minute. */
export async function remind(appointment: Omit<ScheduleRequest, 'prefix'>, reminder: Reminder): Promise<void> {
  const { topic, minute } = reminder.digest;
  await schedule({ ...appointment, prefix: schedulePrefix }, reminder, digestTime(minute), `${topic} ${minute}`);
}

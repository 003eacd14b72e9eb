import { days } from '../duration';
import type { LogEntry } from '../log/query';
import type { Report } from './ports';

/** The ends that say that nothing is wrong any more. */
const rights: readonly (LogEntry['outcome'] | undefined)[] = ['fixed', 'already-compliant', 'resource-not-found'];

/** Detectors look every 24 hours at the latest: what they report after twice that is new. */
const untilSeen = days(2);

/** Whether the log knows what the source reports. A record that nothing is wrong knows nothing of what the source has seen since. */
export function isReceived(
  { evaluatedAt, since }: Pick<Report, 'evaluatedAt' | 'since'>,
  last: Pick<LogEntry, 'time' | 'outcome'> | undefined,
): boolean {
  if (last === undefined) return false;
  const at = Date.parse(last.time);
  return rights.includes(last.outcome) ? evaluatedAt.getTime() < at + untilSeen : at >= since.getTime();
}

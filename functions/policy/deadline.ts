import { hours } from '../duration';
import type { Policy } from './policy';
import { type Case, matchOf } from './scope';

/** Until when a misconfiguration is to be ended, and what happens then. */
export interface Deadline {
  readonly at: Date;
  readonly action: Policy['deadlines'][number]['action'];
}

/** ISO 8601. */
interface Reported {
  readonly detectedAt: string;
  /** When the rule received it first. */
  readonly receivedAt: string;
}

/** So many hours before a deadline, its ticket says that it is near. */
export const nearHours = 24;

/** Whether less than this is left until a deadline that has not passed. Both ISO 8601. */
export const isNear = (at: string, now: string): boolean => {
  const left = Date.parse(at) - Date.parse(now);
  return left > 0 && left <= hours(nearHours);
};

/** What is old when it is first received leaves its owner so many hours all the same. */
const leastHours = 24;

/** The first deadline of those that match, or may match; undefined if there is none. What may match only escalates. Pure. */
export function deadlineOf(
  { deadlines }: Pick<Policy, 'deadlines'>,
  about: Case,
  { detectedAt, receivedAt }: Reported,
): Deadline | undefined {
  const found = deadlines.flatMap((entry): Deadline[] => {
    const match = matchOf(entry, about);
    if (match === 'no') return [];
    const at = new Date(Math.max(Date.parse(detectedAt) + hours(entry.hours), Date.parse(receivedAt) + hours(leastHours)));
    return [{ at, action: match === 'yes' ? entry.action : 'escalate' }];
  });
  // Of two at the same time, the one that changes nothing.
  return found.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.action.localeCompare(b.action))[0];
}

import { days } from '../duration';
import type { LogEntry } from '../log/query';
import type { Mode } from '../policy/policy';
import type { LastRecord } from './ports';

/** How long the log is believed, before the function of the rule decides anew. */
const knownFor = days(1);

/** The ends after which drift is new. */
const rights: readonly LogEntry['outcome'][] = ['fixed', 'already-compliant', 'resource-not-found', 'rolled-back'];

/** Whether the function of the rule handles the drift already, or would decide the same again. `mode`: undefined if it is not certain. */
export function isKnown(last: LastRecord | undefined, mode: Mode | undefined, now: Date): boolean {
  if (last === undefined || now.getTime() - Date.parse(last.time) >= knownFor) return false;
  if (rights.includes(last.outcome)) return false;
  // Otherwise, the policy may say something else since.
  return last.outcome !== 'observed' || mode === 'observe';
}

import { seconds } from '../../duration';
import type { Kind, LogEvent, Outcome } from '../../log/event';
import { isRollbackBegun } from '../../plan/intents';

/** What a rule found and a detector has not confirmed. */
export interface FixToConfirm {
  readonly outcome: Outcome;
  /** Before it, the detector cannot have known of the fix. */
  readonly since: Date;
  /** When the rule found the resource compliant. */
  readonly verified: Date;
}

const found: readonly (Outcome | undefined)[] = ['fixed', 'already-compliant'];
const ends: readonly Kind[] = ['confirmed', 'disputed', 'unconfirmed'];

/** Undefined if there is nothing to confirm: the remediation ended otherwise, was rolled back, or its detector was heard before. */
export function fixToConfirm(events: readonly LogEvent[]): FixToConfirm | undefined {
  const last = events.findLastIndex(({ outcome }) => outcome !== undefined && outcome !== 'rollback-refused');
  const end = events[last];
  if (!end || end.outcome === undefined || !found.includes(end.outcome) || isRollbackBegun(events)) return undefined;
  if (events.slice(last + 1).some(({ kind }) => ends.includes(kind))) return undefined;
  const began = events.findLast(({ kind }) => kind === 'planned') ?? events[0] ?? end;
  return { outcome: end.outcome, since: new Date(began.time), verified: new Date(end.times?.verified ?? end.time) };
}

/** What a detector reads can lag behind the resource: AWS Config records a change minutes later. In seconds. */
const lag = 900;

/** Whether the evaluation began when the detector could see what the rule saw. */
export const sawTheSame = (started: Date | undefined, { verified }: FixToConfirm, settle = 0): boolean =>
  started !== undefined && started.getTime() > verified.getTime() + seconds(Math.max(lag, settle));

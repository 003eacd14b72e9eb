import { hours } from '../../duration';
import type { Kind, Outcome } from '../../log/event';
import type { LogEntry } from '../../log/question';
import type { Report } from '../../reconcile/ports';
import { isReceived } from '../../reconcile/received';

/** What the log says of an open finding. */
export const statuses = [
  'not-received',
  'failed',
  'disputed',
  'refused',
  'waiting',
  'observed',
  'exempt',
  'settling',
  'on-its-way',
] as const;
export type FindingStatus = (typeof statuses)[number];

/** What each status means. */
export const meanings: Readonly<Record<FindingStatus, string>> = {
  'not-received': 'the log has nothing about it since it was detected',
  failed: 'the fix failed, or could not be verified',
  disputed: 'the rule has nothing to change, and the detector disagrees',
  refused: 'it is not fixed: unfixable, blocked, not configured, rejected, a breaker is open, or the finding is not acted on',
  waiting: 'it waits for an approval, a retry, or the end of a fix',
  observed: 'the mode is observe or off',
  exempt: 'it is exempt or suppressed',
  settling: 'it is fixed or compliant, and the detector has not looked again yet',
  'on-its-way': 'it was reported within the last hour',
};

const ofOutcome: Readonly<Record<Outcome, FindingStatus>> = {
  fixed: 'settling',
  'already-compliant': 'settling',
  'resource-not-found': 'settling',
  'partly-fixed': 'waiting',
  verifying: 'waiting',
  incomplete: 'waiting',
  'awaiting-approval': 'waiting',
  deferred: 'waiting',
  unverified: 'failed',
  failed: 'failed',
  'rollback-failed': 'failed',
  disputed: 'disputed',
  exempt: 'exempt',
  suppressed: 'exempt',
  'rolled-back': 'exempt',
  'rollback-refused': 'exempt',
  off: 'observed',
  observed: 'observed',
  'breaker-open': 'refused',
  'drift-loop': 'refused',
  rejected: 'refused',
  blocked: 'refused',
  unfixable: 'refused',
  'not-configured': 'refused',
};

/** An event may still be on its way. */
const settled = hours(1);

/** Whether an event says that a remediation is under way, before it has an outcome. */
export const isAtWork = (kind: Kind): boolean => kind === 'planned' || kind === 'applied' || kind === 'rollback-requested';

/** How a report stands by the last event of its finding in the log that has an outcome, or is about work under way. */
export function statusOf(
  report: Pick<Report, 'evaluatedAt' | 'since'>,
  last: Pick<LogEntry, 'time' | 'outcome'> | undefined,
  now: Date,
): FindingStatus {
  if (last && isReceived(report, last)) return last.outcome === undefined ? 'waiting' : ofOutcome[last.outcome];
  return now.getTime() - report.evaluatedAt.getTime() < settled ? 'on-its-way' : 'not-received';
}

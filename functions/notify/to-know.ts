import type { OutcomeEvent, PublishedOutcome } from '../outcomes/outcome-schema';
import { endsSoon } from '../policy/expiry';

/** What each outcome is called to people. */
export const headlines: Readonly<Record<PublishedOutcome, string>> = {
  fixed: 'Fixed',
  'partly-fixed': 'Partly fixed, the rest waits for an approval',
  pending: 'Waiting for the fix to show',
  unverified: 'Changed, but not proven to be fixed',
  'already-compliant': 'Nothing to fix',
  'resource-not-found': 'The resource is gone',
  exempt: 'Left alone: exempt',
  suppressed: 'Left alone: suppressed',
  off: 'Left alone: the rule is off',
  observed: 'Would be fixed',
  tripped: 'Not fixed: the breaker of the rule is open',
  driftLoop: 'Not fixed: somebody changes it back each time',
  asked: 'Approval needed',
  approved: 'Approved',
  rejected: 'Rejected',
  'approval-refused': 'An approval was refused',
  released: 'The rule may fix it again',
  stopped: 'All changes are stopped',
  started: 'Changes are made again',
  'breaker-closed': 'The breaker of a rule is closed',
  blocked: 'Blocked for now',
  unfixable: 'Has to be fixed by hand',
  'not-configured': 'Not fixed: the rule lacks parameters',
  deferred: 'Put off',
  failed: 'The fix failed',
  'rolled-back': 'Rolled back',
  'rollback-refused': 'A rollback was refused',
  'rollback-failed': 'A rollback failed',
};

/** What a person has to know without asking: what was changed, what waits for a person, and what went wrong. */
const always: readonly PublishedOutcome[] = [
  'fixed',
  'partly-fixed',
  'unverified',
  'breaker-open',
  'drift-loop',
  'awaiting-approval',
  'approval-refused',
  'stopped',
  'resumed',
  'breaker-closed',
  'unfixable',
  'not-configured',
  'failed',
  'rolled-back',
  'rollback-refused',
  'rollback-failed',
];

/** Whether a person has to know of it. One that is put off for its owner's sake tells the owner the deadline, and an exemption that it ends soon. */
export const hasToKnow = ({
  outcome,
  deferredBy = [],
  until,
  time,
}: Pick<OutcomeEvent, 'outcome' | 'deferredBy' | 'until' | 'time'>): boolean =>
  always.includes(outcome) ||
  (outcome === 'deferred' && deferredBy.includes('grace')) ||
  (outcome === 'exempt' && until !== undefined && endsSoon(new Date(until), new Date(time)));

/** Outcomes that each delivery of the same finding brings again, though nothing is new. */
export const stands = ({ outcome }: Pick<OutcomeEvent, 'outcome'>): boolean =>
  (['deferred', 'breaker-open', 'drift-loop', 'unfixable', 'not-configured', 'observed', 'exempt', 'suppressed', 'off'] as string[]).includes(
    outcome,
  );

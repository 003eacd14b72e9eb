import { endsSoon } from '../policy/expiry';
import type { OutcomeEvent, PublishedOutcome } from './outcome-schema';

/** The headline of each outcome. */
export const headlines: Readonly<Record<PublishedOutcome, string>> = {
  fixed: 'Fixed',
  'partly-fixed': 'Partly fixed: the rest requires approval',
  verifying: 'Verification pending',
  unverified: 'Changed, but the fix is not verified',
  incomplete: 'Incomplete: changes were made, and are neither verified nor reverted',
  'already-compliant': 'The rule found nothing to change',
  disputed: 'Disputed: the detector still reports the resource, and the rule has nothing left to change',
  'resource-not-found': 'Resource not found',
  exempt: 'Not fixed: exempt',
  suppressed: 'Not fixed: suppressed in Security Hub',
  off: 'Not fixed: the rule is off',
  observed: 'Observed: a fix is available',
  'breaker-open': 'Not fixed: the circuit breaker of the rule is open',
  'drift-loop': 'Not fixed: repeatedly changed back',
  'awaiting-approval': 'Approval required',
  approved: 'Approved',
  rejected: 'Rejected',
  'approval-refused': 'Approval refused',
  'request-refused': 'Request refused',
  released: 'Released: the rule may fix the resource again',
  stopped: 'All changes are stopped',
  resumed: 'Changes are allowed again',
  'breaker-closed': 'Circuit breaker closed',
  'review-due': 'Still contained, and its review is due',
  confirmed: 'Confirmed: the detector agrees',
  unconfirmed: 'Not confirmed by the detector',
  blocked: 'Temporarily blocked',
  unfixable: 'Manual fix required',
  'not-configured': 'Not fixed: missing or invalid parameters',
  deferred: 'Deferred',
  failed: 'Fix failed',
  'rolled-back': 'Rolled back',
  'rollback-refused': 'Rollback refused',
  'rollback-failed': 'Rollback failed',
};

/** Outcomes that always require attention: changes, pending approvals, and failures. */
const always: readonly PublishedOutcome[] = [
  'fixed',
  'partly-fixed',
  'unverified',
  'incomplete',
  'disputed',
  'breaker-open',
  'drift-loop',
  'awaiting-approval',
  'approval-refused',
  'request-refused',
  'stopped',
  'resumed',
  'breaker-closed',
  'review-due',
  'unfixable',
  'not-configured',
  'failed',
  'rolled-back',
  'rollback-refused',
  'rollback-failed',
];

/** Whether an outcome requires attention: also a grace period, for its deadline, and an exemption that ends soon. */
export const hasToKnow = ({
  outcome,
  code,
  deferredBy = [],
  until,
  time,
  deadline,
}: Pick<OutcomeEvent, 'outcome' | 'code' | 'deferredBy' | 'until' | 'time' | 'deadline'>): boolean =>
  always.includes(outcome) ||
  deadline?.passed === true ||
  isReadsOnly({ outcome, code }) ||
  (outcome === 'deferred' && deferredBy.includes('grace')) ||
  (outcome === 'exempt' && until !== undefined && endsSoon(new Date(until), new Date(time)));

/** Whether the role of the rule may only read in the account: that is the same for all rules and resources of the account. */
export const isReadsOnly = ({ outcome, code }: { readonly outcome: PublishedOutcome; readonly code?: string | undefined }): boolean =>
  outcome === 'blocked' && code === 'role-reads-only';

/** Outcomes that recur with each delivery of the same finding, although nothing is new. */
export const stands = ({ outcome }: Pick<OutcomeEvent, 'outcome'>): boolean =>
  (
    [
      'deferred',
      'breaker-open',
      'drift-loop',
      'unfixable',
      'disputed',
      'not-configured',
      'observed',
      'exempt',
      'suppressed',
      'off',
    ] as string[]
  ).includes(outcome);

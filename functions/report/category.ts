import type { Outcome } from '../log/event';

/** How a misconfiguration stands, for readers of a report. */
export const categories = [
  'fixed',
  'waiting',
  'observed',
  'exempt',
  'failed',
  'unfixable',
  'disputed',
  'rolled-back',
  'compliant',
] as const;

export type Category = (typeof categories)[number];

/** What a reader sees, and what it means. */
export const categoryTexts: Readonly<Record<Category, { readonly label: string; readonly meaning: string }>> = {
  fixed: { label: 'Fixed', meaning: 'The changes were applied, and the rule’s own check passed afterwards.' },
  waiting: {
    label: 'Waiting',
    meaning:
      'Waits for an approval, a window, a limit, a breaker to be closed, a retry, or for AWS to complete the changes. A part may be fixed.',
  },
  observed: { label: 'Observed', meaning: 'The policy lets the rule only look, or switches it off. Nothing was changed.' },
  exempt: { label: 'Exempt', meaning: 'A person decided to leave it: an exemption, a suppression or a rejected plan.' },
  failed: {
    label: 'Failed',
    meaning: 'The fix or its rollback failed or could not be verified or completed, or others repeatedly changed the resource back.',
  },
  unfixable: { label: 'To fix manually', meaning: 'The rule can’t fix it, or lacks a parameter.' },
  disputed: { label: 'Disputed', meaning: 'The detector still reports it, and the rule has nothing left to change.' },
  'rolled-back': { label: 'Rolled back', meaning: 'An operator had the fix rolled back.' },
  compliant: { label: 'Nothing to fix', meaning: 'The resource was compliant when it was inspected, or no longer existed.' },
};

/** The category of an outcome; `unchanged`: the outcome says nothing new about the resource. */
export const categoryOf: Readonly<Record<Outcome, Category | 'unchanged'>> = {
  fixed: 'fixed',
  'partly-fixed': 'waiting',
  verifying: 'waiting',
  unverified: 'failed',
  incomplete: 'failed',
  'already-compliant': 'compliant',
  disputed: 'disputed',
  'resource-not-found': 'compliant',
  exempt: 'exempt',
  suppressed: 'exempt',
  off: 'observed',
  observed: 'observed',
  'breaker-open': 'waiting',
  'drift-loop': 'failed',
  'awaiting-approval': 'waiting',
  rejected: 'exempt',
  blocked: 'waiting',
  unfixable: 'unfixable',
  'not-configured': 'unfixable',
  deferred: 'waiting',
  failed: 'failed',
  'rolled-back': 'rolled-back',
  'rollback-refused': 'unchanged',
  'rollback-failed': 'failed',
};

/** The categories in which the misconfiguration is still there. Those that somebody exempted are not open: somebody answers for them. */
export const openCategories: readonly Category[] = ['waiting', 'observed', 'failed', 'unfixable', 'disputed', 'rolled-back'];

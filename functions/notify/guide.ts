import type { PublishedOutcome } from '../outcomes/outcome-schema';

const guides: Partial<Readonly<Record<PublishedOutcome, string>>> = {
  'awaiting-approval': 'docs/operate.md#approve-and-reject-plans',
  'partly-fixed': 'docs/operate.md#approve-and-reject-plans',
  'approval-refused': 'docs/operate.md#approve-and-reject-plans',
  'request-refused': 'docs/operate.md#approve-and-reject-plans',
  rejected: 'docs/operate.md#approve-and-reject-plans',
  failed: 'docs/operate.md#fixes-failed',
  unverified: 'docs/operate.md#fixes-failed',
  disputed: 'docs/operate.md#detectors-that-disagree',
  incomplete: 'docs/operate.md#fixes-are-incomplete',
  'breaker-open': 'docs/operate.md#a-circuit-breaker-opened',
  fixed: 'docs/operate.md#roll-back',
  'rolled-back': 'docs/operate.md#roll-back',
  'rollback-refused': 'docs/operate.md#roll-back',
  'rollback-failed': 'docs/operate.md#roll-back',
  stopped: 'docs/operate.md#stop-and-resume',
  resumed: 'docs/operate.md#stop-and-resume',
  exempt: 'docs/policy.md#exemptions',
  'not-configured': 'docs/policy.md#rule-parameters',
};

/** The section of the documentation that describes what to do about an outcome: a path in this repository. */
export const guideFor = (outcome: PublishedOutcome): string => guides[outcome] ?? 'docs/audit.md#outcomes';

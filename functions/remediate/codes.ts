/** Why the engine refuses an approval; stable, for software. */
export type RefusalCode =
  | 'approval-not-found'
  | 'approval-expired'
  | 'approval-used'
  | 'plan-changed'
  | 'own-change'
  | 'own-request'
  | 'fact-unreadable'
  | 'other-remediation';

/** Why nothing was changed, although the policy permits it; stable, for software. */
export type PreventionCode = 'role-reads-only' | 'access-denied' | 'log-broken' | 'open-item-unreadable';

/** Why the detector still reports a resource that the rule leaves as it is; stable, for software. */
export type DisputeCode = 'policy-below-detector';

/** What keeps a remediation with changes in effect from going on, unless the rule names the reason; stable, for software. */
export type IncompleteCode =
  | 'stopped'
  | 'contained'
  | 'never-contained'
  | 'breaker-open'
  | 'limit'
  | 'window'
  | 'mode'
  | 'exempt'
  | 'drift-loop'
  | 'counting-busy'
  | 'policy-unreadable'
  | 'not-configured'
  | 'fact-unreadable'
  | 'busy'
  | 'changing'
  | 'detector-parameters-changed'
  | 'rollback-unfinished'
  | 'temporary-error'
  | 'access-denied'
  | 'call-failed'
  | 'unexpected-error';

/** Why the evidence of a response is not complete; stable, for software. */
export type EvidenceCode = 'evidence-missing';

/** Why the engine does not look at a resource yet; stable, for software. */
export type ResourceCode = 'not-visible';

/** Why a detector did not confirm what the rule found; stable, for software. */
export type UnconfirmedCode =
  | 'not-evaluated'
  | 'not-judged'
  | 'detector-unreadable'
  | 'changed-since'
  | 'resource-not-found'
  | 'finding-deleted'
  | 'finding-archived'
  | 'finding-suppressed';

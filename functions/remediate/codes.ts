/** Why the engine refuses an approval; stable, for software. */
export type RefusalCode =
  | 'approval-not-found'
  | 'approval-expired'
  | 'approval-used'
  | 'plan-changed'
  | 'own-change'
  | 'fact-unreadable'
  | 'other-remediation';

/** Why the role of the rule does not allow the changes; stable, for software. */
export type PermissionCode = 'role-reads-only' | 'access-denied';

/** What keeps a remediation with changes in effect from going on, unless the rule names the reason; stable, for software. */
export type IncompleteCode =
  | 'stopped'
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
  | 'temporary-error'
  | 'access-denied'
  | 'call-failed'
  | 'unexpected-error';

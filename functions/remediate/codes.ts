/** Why the engine refuses an approval; stable, for software. */
export type RefusalCode =
  | 'approval-not-found'
  | 'approval-expired'
  | 'approval-used'
  | 'plan-changed'
  | 'own-change'
  | 'fact-unreadable'
  | 'other-remediation';

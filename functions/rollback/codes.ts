/** Why a rollback is refused; stable, for software. */
export type RefusalCode =
  | 'not-found'
  | 'changed-since'
  | 'own-part-unknown'
  | 'remediation-not-found'
  | 'other-rule'
  | 'log-broken'
  | 'nothing-to-roll-back'
  | 'already-reverted'
  | 'irreversible'
  | 'other-resource'
  | 'unknown-command'
  | 'interrupted'
  | 'busy';

/** The reason for a refusal, for readers and for software. */
export interface Refusal {
  readonly refused: string;
  readonly code: RefusalCode;
}

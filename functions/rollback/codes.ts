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
  | 'contained'
  | 'busy';

/** The rollback isn't possible; nothing was changed and nothing is logged. */
export class RollbackImpossible extends Error {
  override readonly name = 'RollbackImpossible';

  constructor(
    message: string,
    readonly code: RefusalCode,
    /** Whether a retry in a minute may succeed. */
    readonly forNow = false,
  ) {
    super(message);
  }
}

/** The reason for a refusal, for readers and for software. */
export interface Refusal {
  readonly refused: string;
  readonly code: RefusalCode;
}

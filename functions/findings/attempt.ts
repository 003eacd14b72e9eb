import type { Finding } from './finding';

/** How often the detector is asked: an evaluation may be late once. */
export type Look = 1 | 2;

/** An attempt to handle a finding: the first, or a retry. */
export interface Attempt {
  readonly finding: Finding;
  /** The attempt number, from 0. */
  readonly number: number;
  /** The remediation to continue: its plan was approved, or it was deferred. */
  readonly remediation?: string;
  /** It was deferred: it may not be in the log, if the worker that scheduled this died. */
  readonly deferred?: true;
  /** It comes back because its deadline has passed, or is near. */
  readonly deadline?: true;
  /** The key of the lease on the resource whose open remediation it continues. */
  readonly open?: string;
  /** It asks the detector whether it agrees with the remediation: the first time, or once more. */
  readonly look?: Look;
  /** It asks for the note with the ticket of the remediation. */
  readonly ticket?: true;
  /** The ARN of the operator who requested the fix. */
  readonly requestedBy?: string;
}

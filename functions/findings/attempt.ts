import type { Finding } from './finding';

/** An attempt to handle a finding: the first, or a retry. */
export interface Attempt {
  readonly finding: Finding;
  /** The attempt number, from 0. */
  readonly number: number;
  /** The remediation to continue: its plan was approved, or its turn has come. */
  readonly remediation?: string;
  /** Its turn under a limit has come: the remediation may not be in the log yet, and it claims no approval. */
  readonly turn?: true;
  /** The key of the lease on the resource whose open remediation it continues. */
  readonly open?: string;
  /** The ARN of the operator who requested the fix. */
  readonly requestedBy?: string;
}

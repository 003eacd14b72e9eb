import type { Finding } from './finding';

/** An attempt to handle a finding: the first, or a retry. */
export interface Attempt {
  readonly finding: Finding;
  /** The attempt number, from 0. */
  readonly number: number;
  /** Whether this is a retry: the finding may be outdated. */
  readonly returned?: true;
  /** The remediation to continue, whose plan was approved. */
  readonly remediation?: string;
  /** The ARN of the operator who requested the fix. */
  readonly requestedBy?: string;
}

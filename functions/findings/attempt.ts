import type { Finding } from './finding';

/** A finding that comes in, or comes again. */
export interface Attempt {
  readonly finding: Finding;
  /** For the how manieth time, after it could not be handled. */
  readonly number: number;
  /** Whether it was put off by ourselves before: what it says may be old. */
  readonly returned?: true;
  /** The remediation to go on with, whose plan was to be approved. */
  readonly remediation?: string;
  /** ARN of the person who asked for the fix. */
  readonly requestedBy?: string;
}

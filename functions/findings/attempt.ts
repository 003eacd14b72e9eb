import type { Finding } from './finding';

/** A finding that comes in, or comes again. */
export interface Attempt {
  readonly finding: Finding;
  /** The attempt number, from 0. */
  readonly number: number;
  /** Whether it was put off by ourselves before: what it says may be old. */
  readonly returned?: true;
  /** The remediation to go on with, whose plan was to be approved. */
  readonly remediation?: string;
  /** ARN of the person who asked for the fix. */
  readonly requestedBy?: string;
}

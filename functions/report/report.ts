import type { Integrity } from './collect';
import type { Numbers } from './numbers/numbers';

/** A report, whatever its format. */
export interface Report {
  readonly numbers: Numbers;
  readonly integrity: Integrity;
  /** What it is about, as a phrase: `all accounts`. */
  readonly scope: string;
  /** When it was made; in milliseconds since 1970. */
  readonly made: number;
  /** Of the command line. */
  readonly version: string;
}

import type { Standard } from '../standards/standards';
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
  /** Of the software. */
  readonly version: string;
  /** The ARN of the table that it is made from. */
  readonly log: string;
  /** Only what serves this standard; left out, all. */
  readonly standard?: Standard;
}

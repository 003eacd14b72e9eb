import type { GlobalOptions } from '../../global-options';

/** The options of `posture log verify`. */
export interface VerifyOptions extends GlobalOptions {
  readonly since?: string;
  readonly until?: string;
  readonly remediation?: string;
  readonly key?: string;
  readonly head?: string;
  readonly archive?: string;
  readonly bucket?: string;
}

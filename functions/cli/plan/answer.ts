import type { Forecast, Verdict } from '../../forecast/forecast';
import type { Caller } from '../central/caller';

/** Something that could not be checked. */
export interface Overlooked {
  readonly what: string;
  readonly reason: string;
}

/** What a rule would do about a resource, or why that can't be told. */
export type Checked = Forecast<Verdict | { readonly status: 'error'; readonly reason: string; readonly code?: never }>;

/** What `posture plan` answers. */
export interface PlanAnswer {
  readonly caller: Caller;
  readonly forecasts: readonly Checked[];
  readonly overlooked: readonly Overlooked[];
  /** Detectors that could not be asked for their parameters, and why: sentences. */
  readonly unasked: readonly string[];
}

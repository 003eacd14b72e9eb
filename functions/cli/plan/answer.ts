import type { Caller } from '../central/caller';
import type { Forecast } from './forecast';

/** Something that could not be checked. */
export interface Overlooked {
  readonly what: string;
  readonly reason: string;
}

/** What `posture plan` answers. */
export interface PlanAnswer {
  readonly caller: Caller;
  readonly forecasts: readonly Forecast[];
  readonly overlooked: readonly Overlooked[];
  /** Detectors that could not be asked for their parameters, and why: sentences. */
  readonly unasked: readonly string[];
}

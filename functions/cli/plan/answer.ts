import type { Caller } from '../central/caller';
import type { Forecast } from './forecast';

/** Something that was to be looked at, and can't be. */
export interface Overlooked {
  readonly what: string;
  readonly reason: string;
}

/** What `posture plan` answers. */
export interface PlanAnswer {
  readonly caller: Caller;
  readonly forecasts: readonly Forecast[];
  readonly overlooked: readonly Overlooked[];
}

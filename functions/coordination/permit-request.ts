import type { Cap } from '../policy/caps';
import type { Policy } from '../policy/policy';
import type { Containment } from './containment';
import type { OpenItem } from './open-remediation';
import type { About } from './recorded-state';

/** Why a decided change may not be made: the state has changed since it was read. */
export type Denial = 'not-approved' | 'limit' | 'busy';

export interface PermitRequest {
  readonly about: About;
  /** How many plans of the remediation ended before, from 1: each phase gets one permit. */
  readonly phase: number;
  /** The limits; with `beyond: ask`, an approval overrides them. */
  readonly limits: Policy['limits'];
  /** Those of a response, which an approval overrides. */
  readonly caps?: readonly Cap[] | undefined;
  /** SHA-256 of the plan. */
  readonly plan: string;
  /** Whether the decision depends on an approval of the plan. */
  readonly approved: boolean;
  /** How many days the fixes of a resource are recorded. */
  readonly remember: number;
  /** The names of the fixes from before that, to be removed. */
  readonly past: readonly string[];
  /** Whether changes of an earlier plan of the remediation are in effect. */
  readonly continues: boolean;
  /** The remediation, which is open from the permit on. */
  readonly open: OpenItem;
  /** What it contains from the permit on, if it is of a response. */
  readonly contains?: Containment | undefined;
}

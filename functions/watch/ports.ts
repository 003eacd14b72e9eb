import type { Aws, Place, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { Policy } from '../policy/policy';
import type { eventOfDrift } from '../sources/drift/event';

export interface WatchPorts {
  readonly rules: readonly Rule[];
  readonly central: Place;
  /** Throws if it can't be read: then nothing is looked at. */
  readonly policy: () => Promise<Policy>;
  /** Uses the member role of the sweep, which only reads. */
  readonly connect: (place: Place) => Aws;
  /** Invokes the function of the rule asynchronously. */
  readonly invoke: (rule: string, event: ReturnType<typeof eventOfDrift>) => Promise<void>;
  readonly clock: Clock;
}

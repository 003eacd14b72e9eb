import type { Aws, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { Leases } from '../coordination/lease';
import type { CoordinationStore } from '../coordination/store';
import type { Log } from '../log/log';
import type { Ports } from '../remediate/ports';

/** What a rollback needs from outside. */
export interface RollbackPorts {
  readonly rule: Rule;
  readonly aws: Aws;
  /** The ARN of the person who asks. */
  readonly actor: string;
  readonly log: Log;
  readonly leases: Leases;
  readonly clock: Clock;
  /** How long this worker may take at most, in seconds: the next one must not wait for longer. */
  readonly secondsLeft: Ports['secondsLeft'];
  readonly store: CoordinationStore;
  readonly policy: Ports['policy'];
  readonly publishOutcome: Ports['publishOutcome'];
  readonly warn: Ports['warn'];
  readonly count: Ports['count'];
}

import type { Aws, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { Leases } from '../coordination/lease';
import type { OpenRemediations } from '../coordination/open-remediation';
import type { CoordinationStore } from '../coordination/store';
import type { Log } from '../log/log';
import type { Ports } from '../remediate/ports';

/** The dependencies of a rollback. */
export interface RollbackPorts {
  readonly rule: Rule;
  /** Version of the running code. */
  readonly version: string;
  readonly aws: Aws;
  /** The ARN of the operator. */
  readonly actor: string;
  readonly log: Log;
  readonly leases: Pick<Leases, 'acquire'>;
  readonly openRemediations: OpenRemediations;
  readonly clock: Clock;
  /** The remaining time of this worker, in seconds, which bounds its lease. */
  readonly secondsLeft: Ports['secondsLeft'];
  /** Schedules the rollback again, which finds it complete if it is; undefined where nothing can be scheduled. */
  readonly comeBack?: () => Promise<void>;
  readonly store: CoordinationStore;
  readonly policy: Ports['policy'];
  readonly publishOutcome: Ports['publishOutcome'];
  readonly warn: Ports['warn'];
  readonly count: Ports['count'];
}

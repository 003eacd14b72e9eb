import type { Aws, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { Leases } from '../coordination/lease';
import type { Register } from '../coordination/store';
import type { Log } from '../log/log';
import type { Tools } from '../remediate/ports';

/** What a rollback needs from outside. */
export interface RollbackTools {
  readonly rule: Rule;
  readonly aws: Aws;
  /** The ARN of the person who asks. */
  readonly actor: string;
  readonly log: Log;
  readonly leases: Leases;
  readonly clock: Clock;
  /** How long this worker may take at most, in seconds: the next one must not wait for longer. */
  readonly secondsLeft: Tools['secondsLeft'];
  readonly register: Register;
  readonly policy: Tools['policy'];
  readonly tellOutcome: Tools['tellOutcome'];
  readonly warn: Tools['warn'];
  readonly count: Tools['count'];
}

import type { Aws, Place, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { SweepPositions } from '../coordination/sweep-position';
import type { LogEntry } from '../log/query';
import type { Policy } from '../policy/policy';
import type { eventOfDrift } from '../sources/drift/event';

/** The newest record of the function of a rule about a finding. */
export type LastRecord = Pick<LogEntry, 'time' | 'outcome'>;

/** The accounts to sweep, and why others are unknown. */
export interface Accounts {
  readonly known: readonly string[];
  readonly unread?: string;
}

export interface SweepPorts {
  readonly rules: readonly Rule[];
  readonly central: Place;
  readonly accounts: () => Promise<Accounts>;
  readonly regions: readonly string[];
  /** Throws if it can't be read: then nothing is swept. */
  readonly policy: () => Promise<Policy>;
  /** Throws if the member role of the sweep can't be assumed in the account. */
  readonly reach: (place: Place) => Promise<unknown>;
  /** Uses the member role of the sweep, which only reads. */
  readonly connect: (place: Place) => Aws;
  readonly lastRecord: (rule: string, finding: string, place: Partial<Place>) => Promise<LastRecord | undefined>;
  /** Invokes the function of the rule asynchronously. */
  readonly invoke: (rule: string, event: ReturnType<typeof eventOfDrift>) => Promise<void>;
  readonly positions: SweepPositions;
  /** The hours from the beginning of a sweep to that of the next one. */
  readonly hours: number;
  /** The maximum number of findings that a run hands on. */
  readonly maxFindings: number;
  readonly secondsLeft: () => number;
  readonly clock: Clock;
}

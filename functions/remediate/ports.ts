import type { Aws, Place, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { Leases } from '../coordination/lease';
import type { CoordinationStore } from '../coordination/store';
import type { Attempt } from '../findings/attempt';
import type { Finding } from '../findings/finding';
import type { Log } from '../log/log';
import type { OutcomeNotice } from '../outcomes/outcome-event';
import type { Policy } from '../policy/policy';

/** What the handling of findings needs from outside. */
export interface Ports {
  readonly rule: Rule;
  /** As it is now; throws where it can't be read: then nothing is changed. */
  readonly policy: () => Promise<Policy>;
  /** Version of the deployed code, for the log. */
  readonly version: string;
  /** The ARN of who acts. */
  readonly actor: string;
  /** With the rule's own role in that account. */
  readonly connect: (place: Place) => Aws;
  readonly log: Log;
  readonly leases: Leases;
  readonly store: CoordinationStore;
  /** The organizational units of an account, its parent first, up to the root. */
  readonly ousOf: (account: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  /** How long this worker may take at most, in seconds: no lease outlives it by much. */
  readonly secondsLeft: () => number;
  /** Has the finding come again at that time. `name` is unique for the occasion: asked twice, it comes once. */
  readonly scheduleRetry: (attempt: Attempt, at: Date, name: string) => Promise<void>;
  /** Notifies Security Hub and AWS Config that the misconfiguration is fixed. */
  readonly notifySource: (finding: Finding, remediation: string, aws: Aws) => Promise<void>;
  /** Tells everybody who listens how it ended. */
  readonly publishOutcome: (notice: OutcomeNotice) => Promise<void>;
  /** Counts something for the alarms. */
  readonly count: (values: Readonly<Record<string, number>>) => void;
  /** Notes what went wrong beside the main path, and changes nothing about it. */
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

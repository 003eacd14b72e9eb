import type { Aws, Place, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { Leases } from '../coordination/lease';
import type { Finding } from '../findings/finding';
import type { Log } from '../log/log';
import type { RuleSettings } from '../settings/settings';

/** What the handling of findings needs from outside. */
export interface Tools {
  readonly rule: Rule;
  readonly settings: RuleSettings;
  /** Version of the deployed code, for the log. */
  readonly version: string;
  /** The ARN of who acts. */
  readonly actor: string;
  /** With the rule's own role in that account. */
  readonly connect: (place: Place) => Aws;
  readonly log: Log;
  readonly leases: Leases;
  readonly clock: Clock;
  /** How long this worker may take at most, in seconds: no lease outlives it by much. */
  readonly secondsLeft: () => number;
  /** Has the finding come again at that time. `name` is unique for the occasion: asked twice, it comes once. */
  readonly comeAgain: (again: Again, at: Date, name: string) => Promise<void>;
  /** Tells Security Hub and AWS Config that the fault is gone. */
  readonly tellFixed: (finding: Finding, remediation: string, aws: Aws) => Promise<void>;
  /** Notes what went wrong beside the main path, and changes nothing about it. */
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

/** A finding that comes again, and for the how manieth time. */
export interface Again {
  readonly finding: Finding;
  readonly attempt: number;
}

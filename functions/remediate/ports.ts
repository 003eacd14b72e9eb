import type { Aws, Place, Rule } from '../../rules/rule';
import type { Documents } from '../aws/documents';
import type { Clock } from '../clock';
import type { Cooldowns } from '../coordination/cooldown';
import type { Demands } from '../coordination/demands';
import type { Leases } from '../coordination/lease';
import type { Looks } from '../coordination/look';
import type { OpenRemediations } from '../coordination/open-remediation';
import type { Repeats } from '../coordination/repeat';
import type { CoordinationStore } from '../coordination/store';
import type { Turns } from '../coordination/turn';
import type { OtherRegions } from '../facts/other-regions';
import type { RecentChanges } from '../facts/recent-changes';
import type { RecentSuppressions } from '../facts/recent-suppressions';
import type { Attempt } from '../findings/attempt';
import type { Finding } from '../findings/finding';
import type { Log } from '../log/log';
import type { OutcomeNotice } from '../outcomes/outcome-event';
import type { Policy } from '../policy/policy';
import type { DescribeRule } from '../sources/config/deployed-rule';
import type { Told } from '../sources/security-hub/told';
import type { ShownTicket } from '../ticket-records/shown-ticket';

/** The dependencies of the handling of findings. */
export interface Ports {
  readonly rule: Rule;
  /** The present policy; throws if it can't be read: then nothing is changed. */
  readonly policy: () => Promise<Policy>;
  /** Version of the deployed code, for the log. */
  readonly version: string;
  /** The ARN of the principal that acts. */
  readonly actor: string;
  /** Uses the member role of the rule in that account. */
  readonly connect: (place: Place) => Aws;
  readonly otherRegions: OtherRegions;
  /** Left out, every last change is looked up by the name of its resource. */
  readonly recentChanges?: RecentChanges;
  /** Left out, Security Hub is asked for the findings of each resource. */
  readonly recentSuppressions?: RecentSuppressions;
  /** Where documents of changes are stored; left out where no change can have one. */
  readonly documents?: Documents;
  readonly log: Log;
  readonly leases: Leases;
  readonly openRemediations: OpenRemediations;
  readonly repeats: Repeats;
  /** When detectors are asked whether they agree. */
  readonly looks: Looks;
  readonly cooldowns: Cooldowns;
  readonly demands: Demands;
  /** Left out, each deployed Config rule is read again. */
  readonly describeRule?: DescribeRule;
  readonly store: CoordinationStore;
  /** The turns of what is beyond a limit; undefined where nothing can be scheduled. */
  readonly turns?: Turns;
  /** The organizational units of an account, its parent first, up to the root. */
  readonly ousOf: (account: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  /** The remaining time of this worker, in seconds, which bounds its lease. */
  readonly secondsLeft: () => number;
  /** Schedules a retry of the finding. `name` identifies the occasion: the same name is scheduled once. */
  readonly scheduleRetry: (attempt: Attempt, at: Date, name: string) => Promise<void>;
  /** The ticket of a misconfiguration, for notes in findings; left out where no tracker is deployed. */
  readonly shownTicket?: ShownTicket;
  /** Notifies Security Hub that the misconfiguration is fixed, and has AWS Config evaluate the resource again. `ticket`: as in `ticketNote`. */
  readonly notifySource: (finding: Finding, remediation: string, aws: Aws, ticket: string) => Promise<void>;
  /** Sets the workflow status and the note of the finding in Security Hub. */
  readonly tellSource: (finding: Finding, told: Told, aws: Aws) => Promise<void>;
  /** Publishes the outcome. */
  readonly publishOutcome: (notice: OutcomeNotice) => Promise<void>;
  /** Counts something for the alarms. */
  readonly count: (values: Readonly<Record<string, number>>) => void;
  /** Logs a problem that doesn't affect the result. */
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

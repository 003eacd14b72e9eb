import type { Clock } from '../clock';
import type { LoggedChange } from '../log/event';
import type { CentralLocation } from '../notify/console-link';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { PagerDutySettings, SlackSettings } from '../policy/channels';
import type { Policy } from '../policy/policy';
import type { TrackerSettings } from '../policy/tickets';
import type { PagerDuty } from './pager-duty';
import type { TicketRecords } from './record';
import type { Slack } from './slack';
import type { Tracker } from './tracker';

/** The dependencies of the function of tickets. */
export interface TicketPorts {
  /** The present policy; throws if it can't be read: then the event is handled later. */
  readonly policy: () => Promise<Policy>;
  readonly trackerFor: (settings: TrackerSettings) => Tracker;
  readonly slackFor: (settings: SlackSettings) => Slack;
  readonly pagerDutyFor: (settings: PagerDutySettings) => PagerDuty;
  readonly records: TicketRecords;
  /** The changes of the remediation, from the log; none if they are not in the log, or may not be read. */
  readonly changesOf: (event: OutcomeEvent) => Promise<readonly LoggedChange[]>;
  /** Logs which ticket a remediation has. It can be repeated. */
  readonly logTicket: (event: OutcomeEvent, ticket: string) => Promise<void>;
  /** The location of the stack Posture. */
  readonly central: CentralLocation;
  readonly clock: Clock;
  /** Logs a problem that does not affect the result. */
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Counts a ticket of which the tracker ignored a field. */
  readonly countDropped: () => void;
}

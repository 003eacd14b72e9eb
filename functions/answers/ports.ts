import type { Clock } from '../clock';
import type { AnswerOrder } from '../control/answer-request';
import type { Reply } from '../control/reply';
import type { SlackSettings } from '../policy/channels';
import type { Policy } from '../policy/policy';
import type { TrackerSettings } from '../policy/tickets';
import type { TicketRecord, TicketRecords } from '../tickets/record';
import type { ReadSaid } from '../tickets/said';
import type { Slack } from '../tickets/slack';
import type { Tracker } from '../tickets/tracker';

/** The dependencies of the function of answers. */
export interface AnswerPorts {
  /** The present policy; throws if it can't be read: then the answer is handled later. */
  readonly policy: () => Promise<Policy>;
  readonly saidFor: (settings: TrackerSettings) => ReadSaid;
  readonly trackerFor: (settings: TrackerSettings) => Pick<Tracker, 'comment' | 'hasNote'>;
  readonly slackFor: (settings: SlackSettings) => Slack;
  /** The record of a ticket or a message of ours. */
  readonly recordOf: (mark: string) => Promise<TicketRecord | undefined>;
  /** Which answers were handled. */
  readonly answers: Pick<TicketRecords, 'acquire'>;
  /** Asks the control function, which decides. */
  readonly ask: (order: AnswerOrder) => Promise<Reply>;
  readonly clock: Clock;
  /** Logs a problem that does not affect the result. */
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

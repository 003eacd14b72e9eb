import type { Command } from '../tickets/command';
import type { WaitingPlan } from '../tickets/record';
import type { Doubt } from '../tickets/said';

/** An answer in a ticket or a message that is ours, as the vendor has told us: who said what, and when. */
export interface Answer {
  /** Names this answer, however often it is delivered. */
  readonly id: string;
  /** `github:583231`, `slack:T012AB3CD/U012AB3CD`. */
  readonly by: string;
  /** Where, for readers: `SEC-12`. */
  readonly where: string;
  readonly command: Command | 'unclear';
  /** ISO 8601. */
  readonly at: string;
  readonly doubt?: Doubt;
  /** It was given in a copy, a duplicate or an earlier message: where the present one is, for readers. */
  readonly elsewhere?: string;
  /** The plan that our record says is shown there; undefined if none waits. */
  readonly waits: WaitingPlan | undefined;
  /** Answers there why it does not count. Can be repeated. */
  readonly tell: (text: string) => Promise<void>;
}

/** Why a request leads to no answer. */
export type NoAnswer =
  /** The policy receives none, or none from this vendor. */
  | 'not-received'
  | 'other-site'
  /** Deleted, or of another ticket. */
  | 'not-there'
  | 'no-command'
  /** We have no record of the ticket or the message. */
  | 'not-ours';

/** What somebody wrote in a ticket, as the tracker's API has it now: nothing of it is taken from a webhook. */
export interface Said {
  readonly ticket: { readonly id: string; readonly key: string; readonly marks: readonly string[] };
  /** The id of the author that no renaming changes. */
  readonly user: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
  /** Why it counts for nobody. */
  readonly doubt?: Doubt;
}

/** `edited`: others may have changed the words. `automated`: an app or a bot wrote it. `unknown-user`: the account is inactive, or ambiguous. */
export type Doubt = 'edited' | 'automated' | 'unknown-user';

/** Reads a comment and its author back. Undefined if the ticket or the comment is not there. Throws a TrackerError. */
export type ReadSaid = (ticket: string, comment: string) => Promise<Said | undefined>;

import type { Document } from './document';

/** What became of something that was written. */
export interface Written {
  /** What the tracker ignored, or hides from us, though it accepted the request. */
  readonly dropped?: readonly string[];
}

/** A ticket of the tracker. */
export interface Ticket extends Written {
  /** By which the API names it. */
  readonly id: string;
  /** By which its readers name it: `SEC-12`, `#12`, `INC0010002`. */
  readonly key: string;
  /** Its page, for readers. */
  readonly url: string;
  readonly state: 'open' | 'closed';
}

export interface Draft {
  /** One line. */
  readonly title: string;
  readonly body: Document;
  /** From `critical` to `low`. */
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /** About a threat or an exposed resource: only members of the security level may read it. */
  readonly confidential?: true;
  /** The owner as the tracker knows it; undefined if the policy names none. */
  readonly assignee?: string;
}

/** A comment. Its mark tells it from others: an attempt whose answer was lost is found by it. */
export interface Note {
  readonly body: Document;
  /** Lower-case letters, digits and hyphens. */
  readonly mark: string;
}

/** What keeps tickets from being opened, changed and closed, or kept from others; a sentence that says what to do. */
export interface TrackerProblem {
  readonly code: TrackerProblemCode;
  readonly message: string;
}

export type TrackerProblemCode =
  | 'not-found'
  | 'archived'
  | 'readable-by-everybody'
  | 'type-unknown'
  | 'field-required'
  | 'permission-missing'
  | 'issues-disabled'
  | 'field-dropped'
  | 'level-unknown'
  | ChannelProblemCode;

/** Of Slack, PagerDuty, and the endpoint of answers. */
export type ChannelProblemCode =
  | 'secret-invalid'
  | 'scope-missing'
  | 'other-workspace'
  | 'not-a-member'
  | 'readable-by-others'
  | 'key-malformed'
  | 'endpoint-not-found'
  | 'endpoint-refuses-wrongly';

/**
 * What we ask of a vendor. Each call is one attempt with a time limit, and throws a TrackerError. A ticket is found by its mark, which only we
 * give to it; the state is read, never remembered. Answers from the tracker come in by another way: nothing here believes what a ticket says.
 */
export interface Tracker {
  /** The tickets with the mark that we created, the oldest first. A new ticket is found after the search's lag. */
  find(mark: string): Promise<readonly Ticket[]>;
  /** Undefined if it was deleted, or is hidden from us. */
  read(id: string): Promise<Ticket | undefined>;
  create(mark: string, draft: Draft): Promise<Ticket>;
  /** Replaces the description. */
  describe(id: string, mark: string, body: Document): Promise<void>;
  comment(id: string, note: Note): Promise<Written>;
  /** Whether a comment with the mark is there. */
  hasNote(id: string, mark: string): Promise<boolean>;
  /** Closes it, if it is open. `proof`: a sentence, for trackers that require one. */
  close(id: string, proof: string): Promise<void>;
  /** Opens it, if it is closed. */
  reopen(id: string): Promise<void>;
  /** What is wrong with the project, the permissions or the fields. Changes nothing. */
  check(): Promise<readonly TrackerProblem[]>;
}

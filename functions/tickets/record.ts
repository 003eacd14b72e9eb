/** What we know of the ticket of a misconfiguration, or of a ticket that several share. */
export interface TicketRecord {
  /** By which the tracker's API names the ticket; undefined if there is none, or if nobody knows. */
  readonly id?: string;
  /** By which its readers name it. */
  readonly ticket?: string;
  readonly url?: string;
  /** The tracker and the project of the ticket; undefined in records of earlier versions. */
  readonly of?: string;
  /** ISO 8601: when the last create began whose answer is not known. */
  readonly creating?: string;
  /** The id of the event that the ticket was created for: its description says what a comment would. */
  readonly createdBy?: string;
  /** The answer to a create was not known once: there may be a second ticket. */
  readonly unsure?: boolean;
  /** Counted as a new ticket, so that a retry doesn't count again. */
  readonly admitted?: boolean;
  /** The mark of the shared ticket that this misconfiguration is listed in. */
  readonly sharedBy?: string;
  /** The last outcome that was handled. `time` is that of the outcome: an older one says nothing new. */
  readonly last?: {
    readonly time: string;
    readonly remediation: string;
    readonly outcome: string;
    readonly code: string;
    /** The hash of the plan that awaits approval. */
    readonly plan?: string;
    readonly overdue?: boolean;
    /** The deadline was near. */
    readonly near?: boolean;
  };
  /** The plan that the ticket shows, and that waits for an approval. */
  readonly waits?: WaitingPlan;
  /** Of an answer: when control was asked, and what became of it. */
  readonly asked?: string;
  readonly answered?: string;
  /** The ids of the last events that were handled, the newest first. */
  readonly handled?: readonly string[];
  /** The id of the event whose comment was begun: it may be there. */
  readonly sending?: string;
  /** How many times the misconfiguration recurred. */
  readonly recurred?: number;
  /** A ticket before this one that was deleted, or is in another tracker, by which its readers named it. */
  readonly replaces?: string;
  /** The remediation that the log has the ticket of. */
  readonly logged?: string;
  /** Of a shared ticket: what it lists, by mark. */
  readonly members?: Readonly<Record<string, Member>>;
  /** Of a shared ticket: how many changes of its list there were, and how many of them its description shows. */
  readonly revision?: number;
  readonly described?: number;
  /** Of a shared ticket: when its description was written, in milliseconds since 1970. */
  readonly describedAt?: number;
  /** Of a shared ticket: the name that its mark was made of. */
  readonly shares?: string;
}

/** A plan that waits for an approval. */
export interface WaitingPlan {
  readonly rule: string;
  readonly remediation: string;
  readonly plan: string;
  /** ISO 8601: when the plan was first shown. An answer from before is about something else. */
  readonly since: string;
}

/** A misconfiguration in a shared ticket. */
export interface Member {
  readonly text: string;
  readonly state: 'open' | 'closed';
  /** The revision of the list that it changed last. */
  readonly changed: number;
}

/** Changes of a record: `undefined` removes the attribute. */
export type RecordChange = { readonly [Name in keyof TicketRecord]?: TicketRecord[Name] | undefined };

/** The right to handle one misconfiguration, or one shared ticket, alone. It expires. */
export interface Held {
  readonly mark: string;
  readonly record: TicketRecord;
  /** Throws a LeaseLost if somebody else has it now. */
  save(change: RecordChange): Promise<void>;
  release(): Promise<void>;
}

/** Another worker took over after the lease expired: this one must not go on. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** How many new tickets there were. */
export interface Admission {
  /** The maximum for an hour, and for the first 24 hours of all. */
  readonly perHour: number;
  readonly firstDay: number;
}

export interface TicketRecords {
  /** `busy`: another worker handles it. */
  acquire(mark: string): Promise<Held | 'busy'>;
  /** Counts a new ticket. If there are too many, returns the name of the shared ticket to use: `backlog`, or the hour. */
  admit(admission: Admission): Promise<'own' | { readonly shared: string }>;
}

/** How many event ids a record keeps. */
export const handledKept = 20;

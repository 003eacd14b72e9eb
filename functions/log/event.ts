import type { Collected, Json } from '../../rules/rule';
import type { Call } from '../aws/call';

/** The result, or the state, of a remediation or a rollback. */
export type Outcome =
  | 'fixed'
  | 'partly-fixed'
  | 'verifying'
  | 'unverified'
  | 'incomplete'
  | 'already-compliant'
  | 'disputed'
  | 'resource-not-found'
  | 'exempt'
  | 'suppressed'
  | 'off'
  | 'observed'
  | 'breaker-open'
  | 'drift-loop'
  | 'awaiting-approval'
  | 'rejected'
  | 'blocked'
  | 'unfixable'
  | 'not-configured'
  | 'deferred'
  | 'failed'
  | 'rolled-back'
  | 'rollback-refused'
  | 'rollback-failed';

/** The type of an event. */
export type Kind =
  | 'skipped'
  | 'observed'
  | 'approval-requested'
  | 'approved'
  | 'rejected'
  | 'approval-refused'
  | 'request-refused'
  | 'released'
  | 'stopped'
  | 'resumed'
  | 'breaker-closed'
  | 'breaker-opened'
  | 'review-due'
  | 'ticketed'
  | 'policy-published'
  | 'publisher-identified'
  | 'deferred'
  | 'planned'
  | 'applied'
  | 'collected'
  | 'verified'
  | 'confirmed'
  | 'disputed'
  | 'unconfirmed'
  | 'failed'
  | 'reverted'
  | 'incomplete'
  | 'rollback-requested'
  | 'rolled-back'
  | 'rollback-refused'
  | 'rollback-failed';

/** A change in the log: all that a rollback needs, independent of the code that planned it. */
/** `document`: the text in the place of whose URL the call has a placeholder, with its SHA-256. The URL itself is not logged. */
export type LoggedChange = { readonly do: Call; readonly note?: string; readonly document?: string } & (
  | { readonly undo: Call | 'revert-own-part'; readonly nearest?: string }
  | { readonly irreversible: string }
  | { readonly evidence: string }
);

/** What is known of a change: AWS accepted it; a later look showed it; it was not made, or was reverted; or neither is known. */
export type Effect = 'accepted' | 'seen' | 'not-made' | 'unknown';

/** The part that is the same in all events of one remediation. */
export interface Subject {
  /** ULID. */
  readonly remediation: string;
  readonly rule: string;
  /** Version of the deployed code. */
  readonly version: string;
  readonly finding: string;
  readonly source: string;
  readonly detectedBy: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** ARN. */
  readonly resource: string;
  readonly resourceType: string;
}

/** ISO 8601 times of the steps so far. */
export interface Times {
  /** When the misconfiguration came about, if anybody knows: see `occurrence`. */
  readonly occurred?: string;
  readonly detected?: string;
  readonly received?: string;
  readonly decided?: string;
  readonly applied?: string;
  readonly verified?: string;
}

/** The part that is specific to one event. */
export interface EventInput {
  readonly kind: Kind;
  /** Set if this event ends the remediation, or leaves it pending. */
  readonly outcome?: Outcome;
  /** A sentence for the reader. */
  readonly reason: string;
  /** The stable code of the reason, for software: `no-https-listener`, `approval-expired`. */
  readonly code?: string;
  /** The ARN of the function's role, or of the operator. */
  readonly actor: string;
  /** The result of each clause of the decision, in order. */
  readonly decision?: readonly string[];
  readonly changes?: readonly LoggedChange[];
  /** SHA-256 of the changes, which an approval names. */
  readonly plan?: string;
  /** With `planned`: the ARN of the operator whose approval permits it. */
  readonly approvedBy?: string;
  /** What is known of each change of the `planned` event before this one, in the same order. */
  readonly effects?: readonly Effect[];
  /** ISO 8601. With `awaiting-approval`: the deadline for an approval. With `deferred`: the time of the retry. With `exempt`: the end of the exemption. */
  readonly until?: string;
  readonly before?: Json;
  readonly after?: Json;
  /** With `after`: an earlier run sent the changes, so others may have changed the resource between them and this look. */
  readonly late?: true;
  readonly parameters?: Json;
  /** Where each parameter comes from: the policy, the detector, or the default of the rule. */
  readonly parametersFrom?: Readonly<Record<string, 'policy' | 'detector' | 'default'>>;
  readonly times?: Times;
  /**
   * Who says `times.occurred`. `activity`: GuardDuty, of the activity that it first saw. `change`: CloudTrail, of the last call that could have brought the
   * misconfiguration about, with its name; it may be older. `stated`: the tool that requested the remediation.
   */
  readonly occurrence?: { readonly as: 'activity' | 'change' | 'stated'; readonly call?: string };
  /** With an outcome that leaves the misconfiguration: until when the policy wants it to be ended (ISO 8601), and what happens then. */
  readonly deadline?: { readonly at: string; readonly action: 'escalate' | 'fix' };
  /** Where the tags were read: the value of the owner tag, or else whom the policy names for the account. */
  readonly owner?: string;
  /** With the first event of the trail: the name of the Security Hub custom action that requested the remediation. */
  readonly action?: string;
  /** With the first event of the trail: the person who requested the remediation, if one did. */
  readonly requestedBy?: string;
  /** With the first event of the trail, or a refused request: the name in the policy of the tool that requested the remediation. */
  readonly requester?: string;
  /** With it: the ticket or alert of that tool. */
  readonly reference?: string;
  /** With `ticketed`: the ticket, as its readers name it. */
  readonly ticket?: string;
  /** With `collected`: the evidence that AWS shows. */
  readonly collected?: readonly Collected[];
  /** With `requester`: what the tool knows, as it said. */
  readonly evidence?: Readonly<Record<string, string>>;
}

/** One item of the log. The hash chain makes a missing or altered event evident. */
export interface LogEvent extends Subject, EventInput {
  /** From 1. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly time: string;
  /** The hash of the previous event, `''` for the first. */
  readonly previous: string;
  /** SHA-256 of the canonical JSON of all of the above. */
  readonly hash: string;
}

import type { Json } from '../../rules/rule';
import type { Call } from '../aws/call';

/** How the handling of a finding, or a rollback, ended or stands. */
export type Outcome =
  | 'fixed'
  | 'partly-fixed'
  | 'verifying'
  | 'unverified'
  | 'already-compliant'
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

/** What happened at one point of it. */
export type Kind =
  | 'received'
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
  | 'deferred'
  | 'planned'
  | 'applied'
  | 'verified'
  | 'failed'
  | 'reverted'
  | 'rollback-requested'
  | 'rolled-back'
  | 'rollback-refused'
  | 'rollback-failed';

/** A change as the log holds it: everything that a rollback needs, without the code that made it. */
export type LoggedChange = { readonly do: Call } & (
  | { readonly undo: Call | 'revert-own-part'; readonly nearest?: string }
  | { readonly irreversible: string }
);

/** What stays the same in all events of one remediation. */
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

/** ISO 8601 times, known as far as the remediation has come. */
export interface Times {
  readonly detected?: string;
  readonly received?: string;
  readonly decided?: string;
  readonly applied?: string;
  readonly verified?: string;
}

/** What an event adds to its subject. */
export interface EventInput {
  readonly kind: Kind;
  /** Where this event ends the remediation, or leaves it pending. */
  readonly outcome?: Outcome;
  /** A sentence for people. */
  readonly reason: string;
  /** Who acted: the ARN of the function's role, or of the person. */
  readonly actor: string;
  /** Each clause of the decision, in order. */
  readonly decision?: readonly string[];
  readonly changes?: readonly LoggedChange[];
  /** SHA-256 of the changes: what an approval is for. */
  readonly plan?: string;
  /** With `asked`: until when the plan waits for an approval. With `deferred`: when the finding comes again. With `exempt`: when that ends. ISO 8601. */
  readonly until?: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly parameters?: Json;
  readonly times?: Times;
  /** For a person's request by a Security Hub custom action, its name. */
  readonly action?: string;
}

/** One item of the log. `previous` is the hash of the event before it, so that a missing or altered event shows. */
export interface LogEvent extends Subject, EventInput {
  /** From 1. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly time: string;
  /** SHA-256 of the event before, `''` for the first. */
  readonly previous: string;
  /** SHA-256 of the canonical JSON of all of the above. */
  readonly hash: string;
}

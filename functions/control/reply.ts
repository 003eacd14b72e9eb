import type { RefusalCode as SourceRefusalCode } from '../findings/finding';

/** Why a request is refused; stable, for software. */
export type RefusalCode =
  | Extract<
      SourceRefusalCode,
      | 'malformed-event'
      | 'untrusted-product'
      | 'contradictory-event'
      | 'foreign-account'
      | 'invalid-resource-id'
      | 'other-control'
      | 'other-resource-type'
      | 'not-active'
      | 'not-failed'
      | 'workflow-status'
      | 'unknown-requester'
    >
  | 'insight-results'
  | 'too-many-records'
  | 'invalid-request'
  | 'unknown-caller'
  | 'method-not-allowed'
  | 'body-too-large'
  | 'not-json'
  | 'policy-unreadable'
  | 'not-an-approver'
  | 'out-of-scope'
  | 'remediation-not-found'
  | 'remediation-ambiguous'
  | 'record-forged'
  | 'log-broken'
  | 'rule-not-deployed'
  | 'rule-not-found'
  | 'unsupported-resource'
  | 'not-a-response'
  | 'not-awaiting-approval'
  | 'approval-expired'
  | 'plan-changed'
  | 'own-request'
  | 'own-change'
  | 'unnamed-approver'
  | 'person-unknown'
  | 'not-by-answer'
  | 'not-held'
  | 'nothing-to-roll-back'
  | 'not-stopped'
  | 'breaker-not-open';

/** The reason for a refusal, for readers and for software. */
export interface RefusalReason {
  readonly code: RefusalCode;
  readonly reason: string;
}

/** The result of a request. */
export type Reply =
  | { readonly done: true; readonly reason: string; readonly remediation?: string }
  | {
      readonly done: false;
      /** `forbidden`: the caller is not authorized. `conflict`: not possible in the present state. */
      readonly refused: 'invalid' | 'forbidden' | 'not-found' | 'conflict';
      readonly code: RefusalCode;
      readonly reason: string;
      /** The refusal is in the log of its remediation, and was published. */
      readonly logged?: true;
    };

export const refuse = (
  refused: Extract<Reply, { done: false }>['refused'],
  code: RefusalCode,
  reason: string,
): Extract<Reply, { done: false }> => ({
  done: false,
  refused,
  code,
  reason,
});
export const accept = (reason: string, remediation?: string): Reply => ({
  done: true,
  reason,
  ...(remediation !== undefined && { remediation }),
});

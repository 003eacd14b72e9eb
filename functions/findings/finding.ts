import type { Evidence, Place, ResourceKind } from '../../rules/rule';

/**
 * The source: a control of Security Hub CSPM, the same by Security Hub in OCSF, an operator with a custom action, a Config rule, a service that
 * reports threats, access or vulnerabilities, our own sweep, our own look after a call that CloudTrail recorded, a request to the control function,
 * or a request of another tool on the bus for requests.
 */
export const sources = [
  'security-hub',
  'security-hub-v2',
  'security-hub-custom-action',
  'config',
  'guardduty',
  'macie',
  'access-analyzer',
  'inspector',
  'sweep',
  'cloudtrail',
  'control',
  'custom',
] as const;
export type Source = (typeof sources)[number];

/**
 * When the misconfiguration came about, as far as the source knows. `activity`: when GuardDuty first saw the activity. `change`: when a call changed the
 * resource, by CloudTrail; whether it could have brought the misconfiguration about is judged by the plan. `stated`: the word of another tool. It is
 * logged and reported, and nothing is decided by it.
 */
export type Occurrence =
  | { readonly as: 'activity' | 'stated'; readonly at: string }
  | { readonly as: 'change'; readonly at: string; readonly call: string };

/** One reported misconfiguration of one resource: validated, but not inspected yet. */
export interface Finding extends Place {
  /**
   * The ARN of the finding in Security Hub, GuardDuty or Inspector; for AWS Config `<Config rule ARN or name>/<resource type>/<resource id>`, for Macie its
   * id, for IAM Access Analyzer `<analyzer ARN>/finding/<id>`, and for a request of another tool `posture.finding.<requester>/<reference>`; of a sweep
   * `posture-sweep/<ARN>`, and of a call that CloudTrail recorded `posture-watch/<ARN>`.
   */
  readonly id: string;
  readonly source: Source;
  /** Of the rule's `detectedBy`: a control id such as `S3.8`, the name of a Config managed rule without prefix and suffix, or a finding type. */
  readonly detectedBy: string;
  readonly resource: {
    readonly kind: ResourceKind;
    /** The ARN as reported, or AWS Config's resource id. */
    readonly reported: { readonly arn: string } | { readonly configId: string };
  };
  /** ISO 8601 times: when AWS detected the misconfiguration, and when the event was sent. */
  readonly detectedAt: string;
  readonly sentAt: string;
  readonly occurrence?: Occurrence;
  /** The finding of Security Hub CSPM that is told of the end. */
  readonly securityHub?: { readonly id: string; readonly productArn: string };
  /** The finding of Security Hub that is told of the end, by its `metadata.uid`. */
  readonly securityHubV2?: { readonly uid: string };
  /** The name of the Config rule that reported it, as deployed. */
  readonly configRule?: string;
  /** The codes by which Security Hub says why the control failed: `CONFIG_RECORDER_CUSTOM_ROLE`. */
  readonly reasons?: readonly string[];
  /** What the detector judged by, as texts by its own names; left out if it says nothing of that. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Anybody in the account can have set these: the Config rule is none of Security Hub, a conformance pack or the organization. */
  readonly parametersBy?: 'anybody';
  /** Why they could not be read, as a phrase. No message carries it. */
  readonly parametersUnread?: string;
  /** The name of the custom action that an operator used. */
  readonly action?: string;
  /** The name in the policy of the tool that requested a remediation, and its ticket or alert. */
  readonly requester?: string;
  readonly reference?: string;
  /** What only its source knows. */
  readonly evidence?: Evidence;
}

/** Why a part of an event is not acted on; stable, for software. */
export type RefusalCode =
  | 'malformed-event'
  | 'unsupported-event'
  | 'contradictory-event'
  | 'untrusted-product'
  | 'foreign-account'
  | 'foreign-action'
  | 'invalid-resource-id'
  | 'other-action'
  | 'other-message-type'
  | 'other-control'
  | 'other-config-rule'
  | 'other-finding-type'
  | 'other-severity'
  | 'no-fix-available'
  | 'no-system-package'
  | 'sample-finding'
  | 'other-resource-type'
  | 'not-active'
  | 'not-failed'
  | 'workflow-status'
  | 'own-update'
  | 'other-feed'
  | 'other-rule'
  | 'unknown-requester'
  | 'beyond-requester'
  | 'duplicate';

/**
 * A part of an event that is not acted on: `invalid` is malformed, hostile or contradictory; `ignored` does not concern the rule;
 * `duplicate` reports a misconfiguration that another finding of the event already reports.
 */
export interface Refusal {
  readonly kind: 'invalid' | 'ignored' | 'duplicate';
  readonly code: RefusalCode;
  /** What is wrong, the value (truncated), and what is allowed. */
  readonly reason: string;
  readonly findingId?: string;
}

export interface Reading {
  readonly findings: readonly Finding[];
  readonly refusals: readonly Refusal[];
}

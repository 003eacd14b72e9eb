import type { Change } from '../../rules/rule';
import type { Cap } from '../policy/caps';
import type { Fact } from '../policy/fact';
import type { Policy } from '../policy/policy';
import type { Case } from '../policy/scope';

/** Changes made so far in the present hour and day, in UTC. */
export interface Used {
  readonly hour: number;
  readonly day: number;
}

/** An operator's instruction, in effect until it is withdrawn. */
export interface Attribution {
  /** The ARN of the operator. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly why: string;
}

/** The last change of a resource, by CloudTrail. */
export interface LastChange {
  /** ARN. */
  readonly principal: string;
  readonly userAgent: string;
  /** `PutBucketPolicy`. */
  readonly event: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A remediation of a response that contains a resource. */
export interface ContainedState {
  readonly rule: string;
  readonly remediation: string;
  /** ISO 8601; undefined if the record can't be read. */
  readonly since?: string | undefined;
}

/** The recorded state of the rule and the resource. */
export interface RecordedState {
  /** The changes of the rule are stopped; `what`: those alone, as a phrase. */
  readonly stop?: Attribution & { readonly what?: string };
  /** The rule's breaker is open, in the account or, without one, in all accounts. */
  readonly open?: { readonly at: string; readonly why: string; readonly account?: string };
  /** An operator requested a rollback, or rejected a plan: the rule does not change the resource. */
  readonly hold?: Attribution & { readonly until: string };
  /** The responses that contain the resource, the earliest first. */
  readonly contained?: readonly ContainedState[];
  /** The times of the rule's recent fixes of the resource, ISO 8601. */
  readonly fixes: readonly string[];
  /** The changes of this remediation are counted already. */
  readonly counted?: boolean;
  /** By cap, what responses contain since the hour began, as far as that was read. */
  readonly capped?: Readonly<Record<string, readonly string[]>>;
  readonly used: { readonly rule: Used; readonly account: Used; readonly all: Used };
  readonly approval?: Attribution & { readonly hash: string; readonly expires: string };
}

/** How the parameters of the detector bear on the plan: it takes more away than by itself; or anybody in the account can have set them. */
export interface DetectorFact {
  readonly about: 'cuts' | 'anybody';
  /** What the detector demands, as a phrase. */
  readonly text: string;
}

/** The input of a decision. */
export interface Facts {
  readonly policy: Policy;
  readonly about: Case;
  readonly now: Date;
  /** ISO 8601. */
  readonly detectedAt: string;
  /** ISO 8601: when the remediator received it first; undefined for now. */
  readonly receivedAt?: string;
  /** ISO 8601: since when the plan of this very remediation awaits an approval; undefined if it does not. */
  readonly asked?: string;
  /** ISO 8601: when the attacker was last seen, as far as the source of the finding says so. */
  readonly seenAt?: string;
  /** `SUPPRESSED` if somebody has suppressed the misconfiguration in Security Hub or AWS Config; undefined also if that was not asked. */
  readonly workflow: Fact<string | undefined>;
  /** Where they did, as a phrase. */
  readonly suppressedBy?: string;
  readonly recorded: Fact<RecordedState>;
  /** Undefined if CloudTrail has no record; unknown if it was not read. */
  readonly lastChange: Fact<LastChange | undefined>;
  readonly changes: readonly Change[];
  /** Of a response. */
  readonly caps?: readonly Cap[];
  /** The parts of the resource that the changes leave, as their own tags exempt them, each with the reason. */
  readonly exempt?: readonly string[];
  readonly detector?: readonly DetectorFact[];
  /** The name in the policy of the tool that requested it, if one did. */
  readonly requester?: string;
  /** The property to change in the template of the resource instead. */
  readonly property?: string;
  /** The SHA-256 hash of the plan, which an approval names. */
  readonly hash: string;
}

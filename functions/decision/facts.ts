import type { Change } from '../../rules/rule';
import type { Fact } from '../policy/fact';
import type { Policy } from '../policy/policy';
import type { Case } from '../policy/scope';

/** Changes made so far in this hour and this day, by the clock in UTC. */
export interface Used {
  readonly hour: number;
  readonly day: number;
}

/** Somebody's word about the remediator, as it stands until it is taken back. */
export interface Word {
  /** ARN of who said it. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly why: string;
}

/** Who changed a resource, as CloudTrail tells. */
export interface LastChange {
  /** ARN. */
  readonly principal: string;
  readonly userAgent: string;
  /** `PutBucketPolicy`. */
  readonly event: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What is on record about the rule and the resource. */
export interface Standing {
  /** All changes are stopped. */
  readonly stop?: Word;
  /** The rule's breaker is open. */
  readonly open?: { readonly at: string; readonly why: string };
  /** A person rolled a fix back: the rule leaves the resource alone. */
  readonly hold?: Word & { readonly until: string };
  /** When the rule fixed the resource lately; ISO 8601. */
  readonly fixes: readonly string[];
  readonly used: { readonly rule: Used; readonly account: Used; readonly all: Used };
  readonly approval?: Word & { readonly hash: string; readonly expires: string };
}

/** All that a decision rests upon. */
export interface Facts {
  readonly policy: Policy;
  readonly about: Case;
  readonly now: Date;
  /** ISO 8601. */
  readonly detectedAt: string;
  /** The workflow status that the finding has in Security Hub now, where there was reason to ask. */
  readonly workflow: Fact<string | undefined>;
  readonly standing: Fact<Standing>;
  /** Undefined where nobody is on record; unknown where that was not asked. */
  readonly lastChange: Fact<LastChange | undefined>;
  readonly changes: readonly Change[];
  /** The property that an owner whose template makes the resource changes instead. */
  readonly property?: string;
  /** SHA-256 of the plan: what an approval is for. */
  readonly hash: string;
}

/** How a resource is exempt. */
export type ExemptionKind = 'policy' | 'tag' | 'suppression' | 'rejection' | 'rollback';

/** What keeps rules from changing resources. */
export interface Exemption {
  readonly kind: ExemptionKind;
  /** Left out for an entry of the policy, whose scope is in `scope`. */
  readonly rule?: string;
  readonly account?: string;
  readonly region?: string;
  readonly resource?: string;
  /** The keys of an entry of the policy, as text: `rules s3-*; accounts 111122223333`. */
  readonly scope?: string;
  /** The owner that the policy names, or the operator; left out where the log does not tell. */
  readonly owner?: string;
  readonly reason: string;
  /** ISO 8601; left out if it has no end, or none that the log tells. */
  readonly expires?: string;
  /** `seen`: it was in force at the last hit. Tags and suppressions are kept elsewhere, and may have changed since. */
  readonly state: 'in-force' | 'expired' | 'seen';
  /** When the log last says that it kept a rule from a change, ISO 8601; left out if it does not, in the period. */
  readonly lastHit?: string;
}

export interface Exemptions {
  readonly exemptions: readonly Exemption[];
  /** The log has more than was read: older hits are missing. */
  readonly isMore: boolean;
}

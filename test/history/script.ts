import type { Kind, Outcome } from '../../functions/log/event';
import type { Severity } from '../../rules/rule';

/** What happened at one moment, as the generator decided it. The events of the log are made from this, and so is the ledger. */
export interface Moment {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly by: 'rule' | 'control';
  readonly kind: Kind;
  readonly outcome?: Outcome;
  readonly code?: string;
  /** The person who acted; left out: the function of the rule. */
  readonly person?: string;
  readonly until?: number;
  /** Until when the policy wants it to be ended. */
  readonly deadline?: number;
  /** The number of the policy that is in force from then on. */
  readonly policy?: number;
  readonly times?: { readonly decided?: number; readonly applied?: number; readonly verified?: number };
}

/** One remediation, as the generator decided it. */
export interface Script {
  readonly remediation: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly account: string;
  readonly region: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly source: string;
  readonly detectedBy: string;
  readonly finding: string;
  readonly requester?: string;
  readonly owner?: string;
  readonly occurred?: number;
  readonly occurrence?: 'activity' | 'change' | 'stated';
  readonly detected: number;
  readonly received: number;
  readonly moments: readonly Moment[];
}

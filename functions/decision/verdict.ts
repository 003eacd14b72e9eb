/** What to do about a finding, the least restrictive first. */
export const verdicts = ['fix', 'defer', 'ask', 'observe', 'skip'] as const;
export type Verdict = (typeof verdicts)[number];

/** Positive if the first is more restrictive than the second. */
export const compareVerdicts = (a: Verdict, b: Verdict): number => verdicts.indexOf(a) - verdicts.indexOf(b);

/** The result of one clause for a case. */
export interface ClauseResult {
  /** The type of clause: `mode`, `window`. */
  readonly clause: string;
  readonly answer: Verdict;
  /** A phrase for the reader that names its source. */
  readonly reason: string;
  /** With `defer`: when the answer may change. With `skip`: when it ends. */
  readonly until?: Date;
  /** It depends on something that could not be read, which an approval can't override. */
  readonly unread?: true;
  /** Whether it applies depends on something that could not be read. An approval overrides it, a deadline doesn't. */
  readonly uncertain?: true;
  /** The outcome by this clause, if the verdict alone does not determine it. */
  readonly outcome?: 'off' | 'suppressed' | 'drift-loop' | 'breaker-open' | 'unfixable';
  /** The stable code of that outcome. */
  readonly code?: 'never-contained';
}

/** Evaluates a case; no results if the clause does not apply. Pure. */
export type Clause<Facts> = (facts: Facts) => readonly ClauseResult[];

/** What is to be done about a fault, the least restrictive first. */
export const verdicts = ['fix', 'defer', 'ask', 'observe', 'skip'] as const;
export type Verdict = (typeof verdicts)[number];

/** Above 0 where the first restricts more than the second. */
export const compareVerdicts = (a: Verdict, b: Verdict): number => verdicts.indexOf(a) - verdicts.indexOf(b);

/** What one clause says to a case. */
export interface Weighed {
  /** The sort of clause: `mode`, `window`. */
  readonly clause: string;
  readonly answer: Verdict;
  /** A phrase for people, which says from where it comes. */
  readonly reason: string;
  /** With `defer`, when it may be otherwise; with `skip`, when it will. */
  readonly until?: Date;
  /** It rests upon something that could not be read, which no approval stands in for. */
  readonly unread?: true;
  /** How it ends by this clause, where the verdict alone does not tell. */
  readonly outcome?: 'off' | 'suppressed' | 'fight' | 'tripped';
}

/** Says of a case what it has to say: nothing, where it is not about it. Pure. */
export type Clause<Facts> = (facts: Facts) => readonly Weighed[];

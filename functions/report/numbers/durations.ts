/** How long something took, in milliseconds: never an average, and never without the number of cases. */
export interface Durations {
  /** The cases whose duration is known. */
  readonly n: number;
  /** The cases of which a time is missing, or whose times contradict each other. */
  readonly unknown: number;
  /** Half of the cases took no longer; with an even number, the middle between the two middle ones. */
  readonly median?: number;
  /** Nine of ten cases took no longer. */
  readonly p90?: number;
}

/** The durations of cases; undefined is a case whose duration is not known. */
export function durationsOf(cases: readonly (number | undefined)[]): Durations {
  const known = Float64Array.from(cases.filter((one) => one !== undefined)).sort();
  const counts = { n: known.length, unknown: cases.length - known.length };
  if (known.length === 0) return counts;
  const at = (index: number): number => known[index] ?? 0;
  const middle = Math.floor(known.length / 2);
  const median = known.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  return { ...counts, median, p90: at(Math.ceil(known.length * 0.9) - 1) };
}

/** The period of a report in milliseconds since 1970, both ends included. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

export const within = (time: number | undefined, { since, until }: Span): time is number =>
  time !== undefined && time >= since && time <= until;

/** The result for one finding, and the clause that determines it. */
export interface Judgement {
  readonly rule: string;
  readonly detectedBy: string;
  readonly account: string;
  readonly resource: string;
  readonly result: string;
  readonly clause: string;
  readonly reason: string;
  readonly code?: string;
  readonly path: readonly string[];
}

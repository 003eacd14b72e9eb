import { notFound } from '../../rules/rule';
import type { Check } from './check';
import type { Covered } from './coverage';
import type { Decided } from './decide';
import { changedIn, type Delivery, plannedIn } from './pass';
import type { Patch } from './patch';
import type { Response } from './respond';
import { callCount, type Summary } from './summary';
import type { ShownTicket } from './ticket';
import type { Trail } from './trail';
import type { Undone } from './undo';

export interface OutcomeNotice {
  readonly seconds: number;
  readonly rules: readonly string[];
  /** Those of the rules of which the account has a violation. */
  readonly shown: readonly string[];
  readonly observed: readonly Delivery[];
  readonly fixed: readonly Delivery[];
  readonly again: readonly Delivery[];
  readonly summary: Summary;
  readonly trail: Trail;
  readonly undone: Undone;
  readonly decided: Decided;
  readonly ticket: ShownTicket;
  readonly responses: readonly Response[];
  readonly patched: Patch;
  readonly covered: readonly Covered[];
  readonly checks: readonly Check[];
}

/** The whole demo as one document for machines. */
export const documentOf = ({
  seconds,
  rules,
  shown,
  observed,
  fixed,
  again,
  summary,
  trail,
  undone,
  decided,
  ticket,
  responses,
  patched,
  covered,
  checks,
}: OutcomeNotice) => ({
  ok: checks.every(({ problems }) => problems.length === 0),
  seconds,
  rules,
  shown,
  passes: { observe: observed.map(rowOf), fix: fixed.map(rowOf), again: again.map(rowOf) },
  summary,
  trail,
  rollback: undone,
  people: decided,
  ticket,
  responses,
  patched,
  coverage: covered.map(({ of, found }) => ({
    control: of.piece.control,
    resource: of.reported.arn,
    status: found?.status,
    remediation: found?.remediation,
  })),
  checks,
});

export type Document = ReturnType<typeof documentOf>;

const rowOf = (delivery: Delivery) => {
  const { of, outcome, reason, remediation, milliseconds, cold } = delivery;
  return {
    rule: of.rule.id,
    control: of.piece.control,
    resource: of.resource === notFound ? of.reported.arn : of.resource.arn,
    found: of.piece.words,
    expected: of.piece.ends,
    outcome,
    reason,
    remediation,
    planned: plannedIn(delivery),
    changed: changedIn(delivery),
    calls: callCount(delivery),
    milliseconds: Math.round(milliseconds * 10) / 10,
    cold,
  };
};

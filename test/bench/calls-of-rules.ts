import type { CountedFix } from '../contract/counted-calls';
import { manyCalls, mostCalls } from './many-calls';

/** The calls of a rule's fixes: of its first starting state, the plain violation, and of the one that takes most. */
export interface CallsOfRule {
  readonly rule: string;
  readonly plain: CountedFix;
  readonly most: CountedFix;
}

export const total = ({ reads, writes, readBack }: CountedFix): number => reads + writes + readBack;

/** By rule, in the order of their ids. */
export function callsOfRules(fixes: readonly CountedFix[]): readonly CallsOfRule[] {
  return [...new Set(fixes.map(({ rule }) => rule))].toSorted().flatMap((rule) => {
    const own = fixes.filter((fix) => fix.rule === rule);
    const [plain] = own;
    const most = own.toSorted((a, b) => total(b) - total(a))[0];
    return plain && most ? [{ rule, plain, most }] : [];
  });
}

/** Rules that take too many calls without a reason, and reasons that are not needed, in sentences. */
export function complaints(calls: readonly CallsOfRule[], reasons = manyCalls): readonly string[] {
  const many = calls.filter(({ most }) => total(most) > mostCalls);
  return [
    ...many
      .filter(({ rule }) => reasons[rule] === undefined)
      .map(
        ({ rule, most }) =>
          `${rule} takes ${total(most)} calls given ${most.violation}: at most ${mostCalls}, or a reason in many-calls.ts.`,
      ),
    ...calls
      .filter((one) => reasons[one.rule] !== undefined && !many.includes(one))
      .map(({ rule, most }) => `${rule} takes ${total(most)} calls at most: it needs no reason in many-calls.ts.`),
  ];
}

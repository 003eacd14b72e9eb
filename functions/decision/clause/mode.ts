import type { Mode } from '../../policy/policy';
import { matchOf, type Scope, unreadIn } from '../../policy/scope';
import type { Facts } from '../facts';
import type { ClauseResult, Verdict } from '../verdict';

/** The verdict of each mode. */
export const verdictOf: Readonly<Record<Mode, Verdict>> = { fix: 'fix', ask: 'ask', observe: 'observe', off: 'skip' };

/** The mode of the case, by each matching clause, or the default. A disruptive rule asks unless a clause names it, or disruptive rules. */
export function mode({ policy: { modes }, about }: Facts): readonly ClauseResult[] {
  const fitting = modes.clauses.flatMap((clause, index) => {
    const match = matchOf(clause, about);
    // A permitting clause has to match with certainty; a restricting one applies if it may match.
    const holds = match === 'yes' || (match === 'unknown' && clause.mode !== 'fix');
    return holds ? [{ clause, index, match }] : [];
  });
  const clauseResults = fitting.map(({ clause, index, match }) =>
    evaluate(
      clause.mode,
      `${clause.mode}, by modes.clauses[${index}]${match === 'unknown' ? `, which may match, because this can't be read: ${unreadIn(clause, about)}` : ''}`,
      match === 'unknown',
    ),
  );
  for (const [index, clause] of modes.clauses.entries()) {
    if (clause.mode !== 'fix' || matchOf(clause, about) !== 'unknown') continue;
    const reason = `fix, by modes.clauses[${index}], does not apply, because this can't be read: ${unreadIn(clause, about)}`;
    clauseResults.push({ clause: 'mode', answer: 'fix', reason });
  }
  // A clause that may match does not replace the default.
  if (!fitting.some(({ match }) => match === 'yes')) clauseResults.push(evaluate(modes.default, `${modes.default}, the default mode`));
  if (about.rule.risk !== 'disruptive') return clauseResults;
  const meant = fitting.some(({ clause, match }) => clause.mode === 'fix' && match === 'yes' && isAboutRisk(clause));
  return [
    ...clauseResults,
    meant
      ? { clause: 'risk', answer: 'fix', reason: 'disruptive, and a `fix` clause names this rule or this risk' }
      : { clause: 'risk', answer: 'ask', reason: 'disruptive, and no `fix` clause names this rule or this risk' },
  ];
}

const isAboutRisk = ({ rules, controls, risks }: Scope): boolean => (rules ?? controls ?? risks) !== undefined;

const evaluate = (set: Mode, reason: string, uncertain = false): ClauseResult => ({
  clause: 'mode',
  answer: verdictOf[set],
  reason,
  ...(uncertain && { uncertain }),
  ...(set === 'off' && { outcome: 'off' }),
});

import type { Change } from '../../rules/rule';
import { personOf } from '../policy/answerer';
import { isOfRequester, requesterNamed } from '../policy/requester';
import { sanitize } from '../untrusted-text';
import { breaker } from './clause/breaker';
import { cap } from './clause/cap';
import { containment } from './clause/containment';
import { afterDeadline, deadline } from './clause/deadline';
import { detector } from './clause/detector';
import { driftLoop } from './clause/drift-loop';
import { afterEscalation } from './clause/escalation';
import { exemption } from './clause/exemption';
import { grace } from './clause/grace';
import { grants } from './clause/grants';
import { irreversible } from './clause/irreversible';
import { limit } from './clause/limit';
import { mode } from './clause/mode';
import { neverContained } from './clause/never-contained';
import { ownership } from './clause/ownership';
import { requester } from './clause/requester';
import { ruleAsks } from './clause/rule-asks';
import { stop } from './clause/stop';
import { window } from './clause/window';
import type { Facts } from './facts';
import { comparePeople, howToTell } from './same-person';
import { type Clause, type ClauseResult, compareVerdicts, type Verdict } from './verdict';

/** What to do, and the result of every clause, in order. */
export interface Decision {
  readonly verdict: Verdict;
  readonly clauseResults: readonly ClauseResult[];
  /** The clause that determines the verdict. */
  readonly decisive: ClauseResult;
  /** With `defer`: when all deferring clauses may have ended. With `skip`: when the last exemption ends, if all of them end. */
  readonly until?: Date;
  /** With `fix`: the changes to apply now. */
  readonly changes: readonly Change[];
  /** With `fix`: the changes that wait for an approval. */
  readonly held: readonly Change[];
  /** Whether a valid approval permits the changes, which uses it up. */
  readonly approved: boolean;
}

const clauses: readonly Clause<Facts>[] = [
  stop,
  containment,
  exemption,
  grants,
  mode,
  neverContained,
  requester,
  breaker,
  driftLoop,
  ownership,
  irreversible,
  ruleAsks,
  detector,
  grace,
  deadline,
  window,
  limit,
  cap,
];

/** The results that an approval overrides. Windows, limits, a stop, a containment, and facts that can't be read still apply. */
const lifts = ({ clause, answer, unread }: ClauseResult): boolean =>
  (answer === 'ask' && !unread) || (clause === 'grace' && answer === 'defer');

/** Pure: of all clauses, the most restrictive wins. */
export function decide(facts: Facts): Decision {
  const answers = clauses.flatMap((clause) => clause(facts));
  const found = afterEscalation(facts, afterDeadline(facts, answers));
  const approval = approvalOf(facts);
  const needed = found.some(lifts) || facts.changes.some((change) => 'irreversible' in change);
  const approved = needed && approval?.valid === true;
  const clauseResults = approved
    ? found.map((one): ClauseResult => (lifts(one) ? { ...one, answer: 'fix', reason: `${one.reason}; approved` } : one))
    : found;
  const all = approval && needed ? [...clauseResults, approval.clauseResults] : clauseResults;
  const decisive = all.reduce<ClauseResult>((a, b) => (compareVerdicts(b.answer, a.answer) > 0 ? b : a), permitted);
  const { answer: verdict } = decisive;
  const ends = all.filter(({ answer }) => answer === verdict).map((one) => one.until);
  const until = ends.includes(undefined) ? undefined : latest(ends.flatMap((end) => end ?? []));
  const { changes } = facts;
  const held: readonly Change[] = approved ? [] : changes.filter((change) => 'irreversible' in change);
  return {
    verdict,
    clauseResults: all,
    decisive,
    ...((verdict === 'defer' || verdict === 'skip') && until && { until }),
    changes: changes.filter((change) => !held.includes(change)),
    held,
    approved,
  };
}

const permitted: ClauseResult = { clause: 'mode', answer: 'fix', reason: 'no clause restricts it' };

/** The result of the recorded approval, if there is one. */
function approvalOf(facts: Facts): { readonly valid: boolean; readonly clauseResults: ClauseResult } | undefined {
  const { recorded, hash, now } = facts;
  if ('unknown' in recorded || !recorded.known.approval) return undefined;
  const { by, at, expires, hash: approvedHash } = recorded.known.approval;
  const evaluate = (answer: Verdict, reason: string) => ({
    valid: answer === 'fix',
    clauseResults: { clause: 'approval', answer, reason },
  });
  if (new Date(expires) <= now) return evaluate('ask', `${by} approved it at ${at}, and the approval expired at ${expires}`);
  if (approvedHash !== hash) return evaluate('ask', `${by} approved a different plan at ${at}`);
  const own = ownMatter(by, facts);
  return own === undefined ? evaluate('fix', `${by} approved this plan at ${at}`) : evaluate('ask', `${by} approved it at ${at}${own}`);
}

/** Why the approver may be who requested the fix or changed the resource last, as the end of a sentence; undefined if they are others. */
function ownMatter(given: string, { policy, lastChange, requester: name }: Facts): string | undefined {
  const by = personOf(given, policy);
  if (by === undefined) return ', and the policy does not say any more who that is';
  const asking = name === undefined ? undefined : requesterNamed(policy, name);
  if (asking && isOfRequester(by, asking)) return `, and is a principal of ${name}, which requested it`;
  if (!policy.approvals.fourEyes) return undefined;
  const unknown = '; whether they changed the resource last is unknown: ';
  if ('unknown' in lastChange) return `${unknown}${lastChange.unknown}`;
  const person = lastChange.known ? comparePeople(by, lastChange.known.principal, policy.approvals) : 'different';
  if (person === 'same') return `, but also changed the resource last (${lastChange.known?.event})`;
  return person === 'different' ? undefined : `${unknown}${howToTell(person.unknown)}`;
}

const latest = (times: readonly Date[]): Date | undefined => times.toSorted((a, b) => b.getTime() - a.getTime())[0];

/** The decision in the form of the log: every clause with its answer, in order. */
export const decisionPath = ({ clauseResults }: Pick<Decision, 'clauseResults'>): readonly string[] =>
  clauseResults.map(({ clause, answer, reason }) => `${clause}: ${plain(reason)}${answer === 'fix' ? '' : ` -> ${answer}`}`);

/** A reason may quote tags and names that others chose: they must not imitate answers or control a terminal. */
const plain = (reason: string): string => sanitize(reason.replace(/\s+/g, ' '), 1000).replaceAll('->', '→');

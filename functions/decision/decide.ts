import type { Change } from '../../rules/rule';
import { clean } from '../untrusted-text';
import { breaker } from './clause/breaker';
import { fight } from './clause/drift-loop';
import { exemption } from './clause/exemption';
import { grace } from './clause/grace';
import { irreversible } from './clause/irreversible';
import { limit } from './clause/limit';
import { mode } from './clause/mode';
import { ownership } from './clause/ownership';
import { stop } from './clause/stop';
import { window } from './clause/window';
import type { Facts } from './facts';
import { isSamePerson } from './same-person';
import { type Clause, compareVerdicts, type Verdict, type Weighed } from './verdict';

/** What to do, and every clause that was weighed, in order. */
export interface Decision {
  readonly verdict: Verdict;
  readonly weighed: readonly Weighed[];
  /** The clause that the verdict comes from. */
  readonly decisive: Weighed;
  /** With `defer`: when all that defers may be over. With `skip`: when the last exemption ends, where each of them has an end. */
  readonly until?: Date;
  /** With `fix`: what is applied now. */
  readonly changes: readonly Change[];
  /** With `fix`: what waits for an approval. */
  readonly held: readonly Change[];
  /** A valid approval is what lets it through: it is used up by it. */
  readonly approved: boolean;
}

const clauses: readonly Clause<Facts>[] = [stop, exemption, mode, breaker, fight, ownership, irreversible, grace, window, limit];

/** A person who approves takes these upon himself; windows, limits on the clock, a stop and what can't be read hold all the same. */
const lifts = ({ clause, answer, unread }: Weighed): boolean => (answer === 'ask' && !unread) || (clause === 'grace' && answer === 'defer');

/** Pure: of all clauses, the most restrictive wins. */
export function decide(facts: Facts): Decision {
  const found = clauses.flatMap((clause) => clause(facts));
  const approval = approvalOf(facts);
  const needed = found.some(lifts) || facts.changes.some((change) => 'irreversible' in change);
  const approved = needed && approval?.valid === true;
  const weighed = approved
    ? found.map((one): Weighed => (lifts(one) ? { ...one, answer: 'fix', reason: `${one.reason}; approved` } : one))
    : found;
  const all = approval && needed ? [...weighed, approval.weighed] : weighed;
  const decisive = all.reduce<Weighed>((a, b) => (compareVerdicts(b.answer, a.answer) > 0 ? b : a), permitted);
  const { answer: verdict } = decisive;
  const ends = all.filter(({ answer }) => answer === verdict).map((one) => one.until);
  const until = ends.includes(undefined) ? undefined : latest(ends.flatMap((end) => end ?? []));
  const { changes } = facts;
  const held: readonly Change[] = approved ? [] : changes.filter((change) => 'irreversible' in change);
  return {
    verdict,
    weighed: all,
    decisive,
    ...((verdict === 'defer' || verdict === 'skip') && until && { until }),
    changes: changes.filter((change) => !held.includes(change)),
    held,
    approved,
  };
}

const permitted: Weighed = { clause: 'mode', answer: 'fix', reason: 'nothing speaks against it' };

/** What the approval on record comes to, where there is one. */
function approvalOf({
  policy,
  standing,
  lastChange,
  hash,
  now,
}: Facts): { readonly valid: boolean; readonly weighed: Weighed } | undefined {
  if ('unknown' in standing || !standing.known.approval) return undefined;
  const { by, at, expires, hash: approvedHash } = standing.known.approval;
  const weigh = (answer: Verdict, reason: string) => ({ valid: answer === 'fix', weighed: { clause: 'approval', answer, reason } });
  if (new Date(expires) <= now) return weigh('ask', `${by} approved it at ${at}, and that held until ${expires}`);
  if (approvedHash !== hash) return weigh('ask', `${by} approved another plan at ${at}: the resource has changed since`);
  if (policy.approvals.fourEyes) {
    if ('unknown' in lastChange)
      return weigh('ask', `${by} approved it at ${at}; whether they have changed it themselves is not known: ${lastChange.unknown}`);
    if (lastChange.known && isSamePerson(lastChange.known.principal, by, policy.approvals.personalSessions))
      return weigh('ask', `${by} approved it at ${at}, and is who changed it last (${lastChange.known.event})`);
  }
  return weigh('fix', `${by} approved this plan at ${at}`);
}

const latest = (times: readonly Date[]): Date | undefined => times.toSorted((a, b) => b.getTime() - a.getTime())[0];

/** The decision as the log has it: every clause with its answer, in order. */
export const decisionPath = ({ weighed }: Pick<Decision, 'weighed'>): readonly string[] =>
  weighed.map(({ clause, answer, reason }) => `${clause}: ${plain(reason)}${answer === 'fix' ? '' : ` -> ${answer}`}`);

/** A reason may quote tags and names, which others have chosen: they give no answers, and steer no terminal. */
const plain = (reason: string): string => clean(reason.replace(/\s+/g, ' '), 1000).replaceAll('->', '→');

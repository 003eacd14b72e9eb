import { canonicalJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import type { Turns } from '../coordination/turn';
import type { Decision } from '../decision/decide';
import type { Facts } from '../decision/facts';
import type { ClauseResult } from '../decision/verdict';
import { minutes, seconds } from '../duration';
import { type Evaluation, outcomeDetailsOf } from '../facts/evaluate';
import type { Outcome } from '../log/event';
import { personOf } from '../policy/answerer';
import type { Policy } from '../policy/policy';
import { isOfRequester, requesterNamed } from '../policy/requester';
import type { IncompleteCode, RefusalCode } from './codes';
import { type EventBody, end, type OutcomeDetails, type RemediationContext, type Result, resultOf, write } from './context';
import { claimsApproval } from './continuable';
import { halt, type Obstacle } from './halt';
import type { Inspection } from './inspect-and-plan';
import { spread } from './next-attempt';
import { scheduleOpen } from './open-item';
import { type ApprovalOptions, ask, isAnswered } from './request-approval';
import { standingOf } from './standing';
import { waitForTurn, waitsAlready } from './wait-for-turn';

export interface EndWithoutFixOptions {
  readonly policy: Policy;
  /** The resource as it was inspected. */
  readonly seen: Inspection;
  readonly proposal: ApprovalOptions['proposal'];
  readonly evaluation: Evaluation;
}

type UnchangedEnd = EventBody & { readonly outcome: Outcome };

/** Ends without a change, according to the decision: requests an approval, defers, or skips. */
export async function endWithoutFix(context: RemediationContext, options: EndWithoutFixOptions): Promise<Result> {
  const { seen, proposal, evaluation } = options;
  const { decision } = evaluation;
  const contained = containmentIn(decision);
  if (contained) return endContained(context, options, contained);
  if (decision.verdict === 'ask') return endWithRequest(context, options);
  const { clause, reason } = decision.decisive;
  const obstacle: Obstacle = {
    code: codeOf(decision),
    why: `This attempt made no changes. ${clause}: ${reason}.`,
    decision: proposal.decision,
    details: outcomeDetailsOf(evaluation),
    seen,
  };
  return halt(context, obstacle, (known) => endUnchanged(known, options));
}

/** A remediation with changes in effect requests the approval of the rest, stays open, and comes back. */
async function endWithRequest(context: RemediationContext, { policy, seen, proposal, evaluation }: EndWithoutFixOptions): Promise<Result> {
  const { decision, facts, record } = evaluation;
  if (isAnswered(context, record?.ask))
    return resultOf(context, 'rejected', 'Its request for an approval was answered. This attempt made no changes.');
  const { remediation, deferred } = context.attempt;
  if (remediation !== undefined && !deferred && claimsApproval(context.journal.events)) {
    await write(context, { kind: 'approval-refused', ...refusal(facts, decision) });
    context.ports.count({ RefusedRequests: 1 });
  }
  const standing = await standingOf(context, seen);
  const known = 'effects' in standing ? { ...context, effects: standing.effects } : context;
  // An approval covers all of these reasons, so the request states them all.
  const asking = decision.clauseResults.filter(({ answer }) => answer === 'ask');
  const why = [...new Set([decision.decisive, ...asking].map(({ reason }) => reason))].join('; ');
  const stands = standing.status === 'half-done' ? ` ${standing.text}` : '';
  const details = outcomeDetailsOf(evaluation);
  const result = await ask(known, { policy, proposal, why, stands, open: record?.ask, lastChange: lastChangeIn(facts), details });
  if (standing.status !== 'half-done') return result;
  context.ports.count({ Incomplete: 1 });
  await scheduleOpen(context);
  return result;
}

/** What would be changed, or asked for, waits until the response that contains the resource is released, however long that takes. */
const containmentIn = ({ verdict, clauseResults }: Decision): ClauseResult | undefined =>
  verdict === 'ask' || verdict === 'defer'
    ? clauseResults.find(({ clause, answer }) => clause === 'containment' && answer === 'defer')
    : undefined;

async function endContained(
  context: RemediationContext,
  { seen, proposal, evaluation }: EndWithoutFixOptions,
  { reason, until }: ClauseResult,
): Promise<Result> {
  const details = outcomeDetailsOf(evaluation);
  const code: IncompleteCode = 'contained';
  const why = `This attempt made no changes. ${reason.replace(/^./, (first) => first.toUpperCase())}.`;
  return halt(context, { code, why, decision: proposal.decision, details, seen }, (known) =>
    defer(known, { turns: known.ports.turns, proposal, reason, until, details, as: { outcome: 'blocked', code } }),
  );
}

async function endUnchanged(context: RemediationContext, { proposal, evaluation }: EndWithoutFixOptions): Promise<Result> {
  const { decision, facts } = evaluation;
  const { verdict, decisive, until } = decision;
  const details = outcomeDetailsOf(evaluation);
  const { turns } = context.ports;
  if (verdict === 'defer' && decisive.clause === 'limit' && turns)
    return waitForTurn(context, { turns, proposal, reason: decisive.reason, facts, details });
  if (verdict === 'defer')
    return defer(context, { turns: decisive.clause === 'record' ? undefined : turns, proposal, reason: decisive.reason, until, details });
  return end(context, [{ ...proposal, ...unchangedEnd(decision) }], details);
}

/** The end by a decision to observe or to skip. */
export function unchangedEnd({ verdict, decisive, until }: Decision): UnchangedEnd {
  const reason = `This attempt made no changes. ${decisive.clause}: ${decisive.reason}.`;
  if (verdict === 'observe') {
    const outcome = decisive.outcome === 'drift-loop' || decisive.outcome === 'breaker-open' ? decisive.outcome : 'observed';
    return { kind: 'observed', outcome, reason };
  }
  const { code } = decisive;
  if (decisive.outcome === 'unfixable') return { kind: 'skipped', outcome: 'unfixable', reason, ...(code && { code }) };
  const outcome = decisive.outcome === 'off' || decisive.outcome === 'suppressed' ? decisive.outcome : 'exempt';
  return { kind: 'skipped', outcome, reason, ...(until && { until: until.toISOString() }) };
}

/** What keeps a remediation with changes in effect from going on. */
function codeOf({ verdict, decisive: { clause, outcome, code } }: Decision): IncompleteCode {
  if (code) return code;
  if (outcome === 'drift-loop' || outcome === 'breaker-open') return outcome;
  if (clause === 'stop') return 'stopped';
  if (clause === 'limit') return 'limit';
  if (clause === 'record') return 'counting-busy';
  if (verdict === 'defer') return 'window';
  return verdict === 'skip' && outcome !== 'off' ? 'exempt' : 'mode';
}

interface DeferOptions {
  /** Undefined where the recorded state can't be read. */
  readonly turns: Turns | undefined;
  readonly proposal: EndWithoutFixOptions['proposal'];
  readonly reason: string;
  readonly until: Date | undefined;
  readonly details: OutcomeDetails;
  /** What it waits for, if that is no time. */
  readonly as?: { readonly outcome: Outcome; readonly code?: IncompleteCode };
}

/**
 * Schedules a retry, which continues this remediation. Retries for the same time are spread over some minutes, one for each resource. Another
 * report of what already waits adds nothing.
 */
async function defer(
  context: RemediationContext,
  { turns, proposal, reason, until: ends, details, as = { outcome: 'deferred' } }: DeferOptions,
): Promise<Result> {
  const { attempt, journal, ports, resource } = context;
  const { remediation, detectedBy } = journal.subject;
  // The settings of an account have the same ARN in all Regions.
  const lease = leaseKey(ports.rule, resource);
  const soonest = ports.clock.now().getTime() + minutes(1);
  const at = new Date(Math.max(soonest, ends?.getTime() ?? 0) + spreadOf(lease));
  const waiting = turns && (await waitsAlready(context, turns, at));
  if (waiting) return waiting;
  const { evidence } = attempt.finding;
  // The responses to different credentials of one resource come back each on its own.
  const about = ports.rule.response && evidence ? ` ${canonicalJson(evidence)}` : '';
  const name = `${attempt.remediation ?? ''} ${lease} ${detectedBy} ${at.toISOString().slice(0, 16)}${about}`;
  await ports.scheduleRetry({ ...attempt, remediation, deferred: true }, at, name);
  const sentence = `This attempt made no changes. Next attempt at ${at.toISOString()}: ${reason}.`;
  const until = at.toISOString();
  const result = await end(context, [{ ...proposal, kind: 'deferred', ...as, until, reason: sentence }], details);
  await turns?.record({ rule: ports.rule.id, resource: lease, detectedBy }, { remediation, at: until });
  return result;
}

/** Up to five minutes, in milliseconds. */
const spreadOf = (resource: string): number => seconds(spread(resource, 300));

const lastChangeIn = ({ lastChange }: Facts) => ('known' in lastChange ? lastChange.known : undefined);

function refusal(
  { policy, recorded, requester, hash, now }: Facts,
  { approved, decisive }: Decision,
): { readonly code: RefusalCode; readonly reason: string } {
  if ('unknown' in recorded || !recorded.known.approval)
    return { code: 'approval-not-found', reason: 'The message claims an approval, but none is recorded.' };
  const { by, at, expires, hash: approvedHash } = recorded.known.approval;
  const approval = `The approval by ${by} at ${at}`;
  if (new Date(expires) <= now) return { code: 'approval-expired', reason: `${approval} expired at ${expires}.` };
  if (approvedHash !== hash)
    return { code: 'plan-changed', reason: `${approval} is for a different plan: the resource has changed since.` };
  if (approved) return { code: 'fact-unreadable', reason: `${approval} can't override a fact that can't be read: ${decisive.reason}.` };
  const asking = requester === undefined ? undefined : requesterNamed(policy, requester);
  const person = personOf(by, policy);
  if (person === undefined)
    return { code: 'own-change', reason: `${approval} is invalid: the policy does not say any more who the approver is.` };
  if (asking && isOfRequester(person, asking))
    return { code: 'own-request', reason: `${approval} is invalid: the approver is a principal of ${requester}, which requested the fix.` };
  return { code: 'own-change', reason: `${approval} is invalid: the approver made the last change, or the last change is unknown.` };
}

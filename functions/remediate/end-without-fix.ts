import type { Resource } from '../../rules/rule';
import { leaseKey } from '../coordination/lease-key';
import type { Decision } from '../decision/decide';
import type { Facts } from '../decision/facts';
import { minutes, seconds } from '../duration';
import { type Evaluation, outcomeDetailsOf } from '../facts/evaluate';
import type { Policy } from '../policy/policy';
import type { RefusalCode } from './codes';
import { end, type OutcomeDetails, type RemediationContext, type Result, write } from './context';
import { claimsApproval } from './continuable';
import { spread } from './next-attempt';
import { type ApprovalOptions, ask } from './request-approval';
import { waitForTurn } from './wait-for-turn';

export interface EndWithoutFixOptions {
  readonly policy: Policy;
  readonly resource: Resource;
  readonly proposal: ApprovalOptions['proposal'];
  readonly evaluation: Evaluation;
}

/** Ends without a change, according to the decision: requests an approval, defers, or skips. */
export async function endWithoutFix(
  context: RemediationContext,
  { policy, resource, proposal, evaluation }: EndWithoutFixOptions,
): Promise<Result> {
  const { decision, facts, record } = evaluation;
  const { verdict, decisive, until } = decision;
  const details = outcomeDetailsOf(evaluation);
  if (context.attempt.remediation !== undefined && verdict === 'ask' && claimsApproval(context.journal.events)) {
    await write(context, { kind: 'approval-refused', ...refusal(facts, decision) });
    context.ports.count({ RefusedRequests: 1 });
  }
  if (verdict === 'ask') {
    const open = record?.ask;
    // An approval covers all of these reasons, so the request states them all.
    const asking = decision.clauseResults.filter(({ answer }) => answer === 'ask');
    const why = [...new Set([decisive, ...asking].map(({ reason }) => reason))].join('; ');
    return ask(context, { policy, resource, proposal, why, open, lastChange: lastChangeIn(facts), details });
  }
  const { turns } = context.ports;
  if (verdict === 'defer' && decisive.clause === 'limit' && turns)
    return waitForTurn(context, { turns, resource, proposal, reason: decisive.reason, facts, details });
  if (verdict === 'defer') return defer(context, { resource, proposal, reason: decisive.reason, until, details });
  if (verdict === 'observe') {
    const outcome = decisive.outcome === 'drift-loop' || decisive.outcome === 'breaker-open' ? decisive.outcome : 'observed';
    const reason = `This attempt made no changes. ${decisive.clause}: ${decisive.reason}.`;
    return end(context, [{ ...proposal, kind: 'observed', outcome, reason }], details);
  }
  const outcome = decisive.outcome === 'off' || decisive.outcome === 'suppressed' ? decisive.outcome : 'exempt';
  return end(
    context,
    [
      {
        ...proposal,
        kind: 'skipped',
        outcome,
        reason: `This attempt made no changes. ${decisive.clause}: ${decisive.reason}.`,
        ...(until && { until: until.toISOString() }),
      },
    ],
    details,
  );
}

interface DeferOptions {
  readonly resource: Resource;
  readonly proposal: EndWithoutFixOptions['proposal'];
  readonly reason: string;
  readonly until: Date | undefined;
  readonly details: OutcomeDetails;
}

/** Schedules a retry. Retries for the same time are spread over some minutes, one for each resource. */
async function defer(context: RemediationContext, { resource, proposal, reason, until, details }: DeferOptions): Promise<Result> {
  const { attempt, journal, ports } = context;
  const { detectedBy } = journal.subject;
  // The settings of an account have the same ARN in all Regions.
  const lease = leaseKey(ports.rule, resource);
  const soonest = ports.clock.now().getTime() + minutes(1);
  const at = new Date(Math.max(soonest, until?.getTime() ?? 0) + spreadOf(lease));
  const name = `${attempt.remediation ?? ''} ${lease} ${detectedBy} ${at.toISOString().slice(0, 16)}`;
  await ports.scheduleRetry(attempt, at, name);
  const sentence = `This attempt made no changes. Next attempt at ${at.toISOString()}: ${reason}.`;
  return end(context, [{ ...proposal, kind: 'deferred', outcome: 'deferred', until: at.toISOString(), reason: sentence }], details);
}

/** Up to five minutes, in milliseconds. */
const spreadOf = (resource: string): number => seconds(spread(resource, 300));

const lastChangeIn = ({ lastChange }: Facts) => ('known' in lastChange ? lastChange.known : undefined);

function refusal(
  { recorded, hash, now }: Facts,
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
  return { code: 'own-change', reason: `${approval} is invalid: the approver made the last change, or the last change is unknown.` };
}

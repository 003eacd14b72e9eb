import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Decision } from '../decision/decide';
import type { ClauseResult } from '../decision/verdict';
import { days, minutes } from '../duration';
import { type BegunFacts, type Evaluation, evaluate, type Proposal } from '../facts/evaluate';
import { loggedChange } from '../plan/change';
import { hashOfPlan } from '../plan/hash';
import { openIntents, phaseIn, someMade } from '../plan/intents';
import { containmentBy } from './containment';
import type { RemediationContext } from './context';
import { openItemFor } from './open-item';

/**
 * Decides, and reserves the permit for a fix. If the permit is denied meanwhile (limit, approval), decides again, by facts that are read anew.
 * `begun`: what is being read already.
 */
export async function decideAndReserve(context: RemediationContext, proposal: Proposal, begun?: BegunFacts): Promise<Evaluation> {
  const { attempt, aws, journal, ports } = context;
  const { rule, store, clock } = ports;
  const { policy, resource } = proposal;
  const { remediation } = journal.subject;
  const phase = phaseIn(journal.events).number;
  const evaluateBy = (facts?: BegunFacts) =>
    evaluate({ ...attempt, remediation, phase, receivedAt: journal.events[0]?.time, aws, begun: facts }, proposal, ports);
  let evaluation = await evaluateBy(begun);
  for (let tries = 0; tries < 3; tries += 1) {
    const { decision } = evaluation;
    if (decision.verdict !== 'fix') return evaluation;
    const open = openItemFor(context, context.open);
    const answer = await store
      .permit({
        about: { rule: rule.id, account: resource.account, resource: open.resource, response: rule.response, remediation },
        phase,
        limits: policy.limits,
        caps: evaluation.facts.caps,
        plan: planToMake(rule, decision, proposal),
        approved: decision.approved,
        remember: policy.driftLoops.days,
        past: fixesBefore(evaluation.record, clock.now().getTime() - days(policy.driftLoops.days)),
        continues: someMade(openIntents(journal.events)),
        open,
        contains: containmentBy(context, policy, approverIn(evaluation)),
      })
      .catch((error: unknown) => ({ error: describe(error) }));
    // The transaction may have been applied: then the next attempt has its permit.
    if (typeof answer === 'object') return later(evaluation, `the change could not be counted (${answer.error})`);
    if (answer === 'granted') return evaluation;
    if (answer === 'busy') break;
    evaluation = await evaluateBy();
  }
  return later(evaluation, 'too many concurrent changes are being counted');

  function later(evaluated: Evaluation, reason: string): Evaluation {
    return { ...evaluated, decision: defer(evaluated.decision, reason, new Date(clock.now().getTime() + minutes(1))) };
  }
}

/** The ARN of the approver on whose approval the decision depends. */
export const approverIn = ({ decision, facts }: Evaluation): string | undefined =>
  decision.approved && 'known' in facts.recorded ? facts.recorded.known.approval?.by : undefined;

const fixesBefore = (record: Evaluation['record'], time: number): readonly string[] =>
  (record?.namedFixes ?? []).flatMap(([name, at]) => (Date.parse(at) < time ? [name] : []));

/** The hash of the changes to make now: without those that wait for an approval. */
export const planToMake = (rule: Rule, { held, changes }: Decision, { plan }: { readonly plan: string }): string =>
  held.length === 0 ? plan : hashOfPlan(rule, changes.map(loggedChange));

function defer(decision: Decision, reason: string, until: Date): Decision {
  const busy: ClauseResult = { clause: 'record', answer: 'defer', reason, until };
  return { ...decision, verdict: 'defer', decisive: busy, until, clauseResults: [...decision.clauseResults, busy], changes: [], held: [] };
}

import { type Aws, type Json, notFound, type Plan, type PlanContext, type Resource, type Rule } from '../../rules/rule';
import { sameJson, toJson } from '../canonical-json';
import { exemptParts } from '../decision/exempt-parts';
import type { DetectorFact } from '../decision/facts';
import { isChanges, loggedChange } from '../plan/change';
import type { Comparison } from '../policy/judge-parameters';

/** The state of a live resource, and the plan of the rule for it. */
export interface Inspection {
  readonly state: Json;
  readonly plan: Plan;
  /** The noncompliant parts that their own tags exempt, each with the reason. */
  readonly exempt?: readonly string[];
  /** How the parameters of the detector bear on the plan. */
  readonly detector?: readonly DetectorFact[];
  /** What the policy leaves undone of what the detector demands, as a phrase. */
  readonly unmet?: string;
}

export interface InspectionContext extends PlanContext<unknown> {
  /** The key of the tag that exempts a part of the resource; left out, none is exempt. */
  readonly exemptionTag?: string;
  /** Other parameters to compare the plan with. */
  readonly comparisons?: readonly Comparison[];
}

/** Reads the resource and makes a new plan. Changes nothing. */
export async function inspectAndPlan(
  rule: Rule,
  resource: Resource,
  aws: Aws,
  { exemptionTag, comparisons = [], ...planContext }: InspectionContext,
): Promise<Inspection | typeof notFound> {
  const state = await rule.inspect(resource, aws, planContext.parameters, planContext.now);
  if (state === notFound) return notFound;
  const parts = exemptionTag === undefined ? undefined : exemptParts(rule, exemptionTag, planContext.now);
  const plan = rule.plan(resource, state, { ...planContext, ...(parts && { isExempt: parts.isExempt }) });
  const exempt = parts?.left() ?? [];

  // What each of them would exempt is no concern of this plan.
  const isExempt = exemptionTag === undefined ? undefined : exemptParts(rule, exemptionTag, planContext.now).isExempt;
  const planBy = (parameters: unknown): Plan =>
    parameters === undefined ? [] : rule.plan(resource, state, { ...planContext, parameters, ...(isExempt && { isExempt }) });
  const detector = comparisons.flatMap(({ about, parameters, against, text }): readonly DetectorFact[] =>
    about !== 'unmet' && doesMore(planBy(parameters), planBy(against)) ? [{ about, text }] : [],
  );
  const unmet = comparisons.find(({ about, parameters }) => about === 'unmet' && !isNothing(planBy(parameters)));
  return {
    state: toJson(state),
    plan,
    ...(exempt.length > 0 && { exempt }),
    ...(detector.length > 0 && { detector }),
    ...(unmet && { unmet: unmet.text }),
  };
}

const isNothing = (plan: Plan): boolean => isChanges(plan) && plan.length === 0;

/** Whether a plan has a change that the other one lacks. */
function doesMore(plan: Plan, other: Plan): boolean {
  if (!isChanges(plan)) return false;
  const known = isChanges(other) ? other.map((change) => loggedChange(change).do) : [];
  return plan.some((change) => !known.some((one) => sameJson(one, loggedChange(change).do)));
}

import { type Aws, type Json, notFound, type Plan, type PlanContext, type Resource, type Rule } from '../../rules/rule';
import { toJson } from '../canonical-json';
import { exemptParts } from '../decision/exempt-parts';

/** The state of a live resource, and the plan of the rule for it. */
export interface Inspection {
  readonly state: Json;
  readonly plan: Plan;
  /** The noncompliant parts that their own tags exempt, each with the reason. */
  readonly exempt?: readonly string[];
}

export interface InspectionContext extends PlanContext<unknown> {
  /** The key of the tag that exempts a part of the resource; left out, none is exempt. */
  readonly exemptionTag?: string;
}

/** Reads the resource and makes a new plan. Changes nothing. */
export async function inspectAndPlan(
  rule: Rule,
  resource: Resource,
  aws: Aws,
  { exemptionTag, ...planContext }: InspectionContext,
): Promise<Inspection | typeof notFound> {
  const state = await rule.inspect(resource, aws, planContext.parameters, planContext.now);
  if (state === notFound) return notFound;
  const parts = exemptionTag === undefined ? undefined : exemptParts(rule, exemptionTag, planContext.now);
  const plan = rule.plan(resource, state, { ...planContext, ...(parts && { isExempt: parts.isExempt }) });
  const exempt = parts?.left() ?? [];
  return { state: toJson(state), plan, ...(exempt.length > 0 && { exempt }) };
}

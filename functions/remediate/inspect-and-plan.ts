import { type Aws, type Json, notFound, type Plan, type PlanContext, type Resource, type Rule } from '../../rules/rule';
import { toJson } from '../canonical-json';

/** The state of a live resource, and the plan of the rule for it. */
export interface Inspection {
  readonly state: Json;
  readonly plan: Plan;
}

/** Reads the resource and makes a new plan. Changes nothing. */
export async function inspectAndPlan(
  rule: Rule,
  resource: Resource,
  aws: Aws,
  planContext: PlanContext<unknown>,
): Promise<Inspection | typeof notFound> {
  const state = await rule.inspect(resource, aws, planContext.parameters, planContext.now);
  if (state === notFound) return notFound;
  return { state: toJson(state), plan: rule.plan(resource, state, planContext) };
}

import { type Aws, type Json, notFound, type Plan, type PlanContext, type Resource, type Rule } from '../../rules/rule';
import { toJson } from '../canonical-json';

/** What a rule sees of a live resource, and what it would do about it. */
export interface Inspection {
  readonly state: Json;
  readonly plan: Plan;
}

/** Reads the resource and plans afresh. Changes nothing. */
export async function inspectAndPlan(
  rule: Rule,
  resource: Resource,
  aws: Aws,
  planContext: PlanContext<unknown>,
): Promise<Inspection | typeof notFound> {
  const state = await rule.inspect(resource, aws, planContext.parameters);
  if (state === notFound) return notFound;
  return { state: toJson(state), plan: rule.plan(resource, state, planContext) };
}

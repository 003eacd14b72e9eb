import { type Aws, gone, type Json, type Plan, type PlanContext, type Resource, type Rule } from '../../rules/rule';
import { toJson } from '../canonical-json';

/** What a rule sees of a live resource, and what it would do about it. */
export interface Look {
  readonly state: Json;
  readonly plan: Plan;
}

/** Reads the resource and plans afresh. Changes nothing. */
export async function look(rule: Rule, resource: Resource, aws: Aws, context: PlanContext<unknown>): Promise<Look | typeof gone> {
  const state = await rule.inspect(resource, aws, context.parameters, context.now);
  if (state === gone) return gone;
  return { state: toJson(state), plan: rule.plan(resource, state, context) };
}

import { isChanges, loggedChange } from '../../functions/plan/change';
import { detectorsOf } from '../../rules/detectors';
import { type Json, notFound, type Plan, type PlanContext, type Resource, type Rule } from '../../rules/rule';

/** The state that an inspection saw; a resource that is gone fails the test. */
export function present<State>(seen: State | typeof notFound): State {
  if (seen === notFound) throw new Error('The resource is gone.');
  return seen as State;
}

/** What a rule would do about what its inspection saw: with its own defaults and its first control, if not said otherwise. */
export function planOf<State extends Json, Parameters>(
  rule: Rule<State, Parameters>,
  resource: Resource,
  seen: State | typeof notFound,
  { parameters = defaultsOf(rule), detectedBy, now = new Date(0), evidence }: Partial<PlanContext<Parameters>> = {},
): Plan {
  const found = detectedBy ?? detectorsOf(rule.detectedBy)[0] ?? '';
  return rule.plan(resource, present(seen), { parameters, detectedBy: found, now, ...(evidence && { evidence }) });
}

// A rule without a schema has no parameters to read.
const defaultsOf = <State extends Json, Parameters>({ parameters }: Rule<State, Parameters>): Parameters =>
  parameters ? parameters.parse({}) : ({} as Parameters);

/** A plan as the log has it: the inputs of the changes and of their undo, or the obstacle. */
export const loggedPlan = (plan: Plan) => (isChanges(plan) ? plan.map(loggedChange) : plan);

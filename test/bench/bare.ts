import { connect } from '../../functions/aws/connection';
import { isChanges } from '../../functions/plan/change';
import type { PlanContext, Resource, Rule } from '../../rules/rule';

/** What the fix of a resource takes with the SDK alone: look, send the changes, look again. No log, no lease, no role, nobody told. */
export interface BareFix {
  readonly resource: Resource;
  readonly detectedBy: string;
  readonly parameters: unknown;
}

export async function fixBare(rule: Rule): Promise<void> {
  const { resource, detectedBy, parameters } = JSON.parse(process.env.BARE_FIX ?? '{}') as BareFix;
  const context: PlanContext<unknown> = { parameters, detectedBy, now: new Date() };
  const aws = connect(rule.clients, { region: resource.region });
  const state = await rule.inspect(resource, aws, parameters, new Date());
  const plan = typeof state === 'symbol' ? [] : rule.plan(resource, state, context);
  if (!isChanges(plan) || plan.length === 0) throw new Error(`Nothing to fix at ${resource.arn}.`);
  for (const change of plan) if ('undo' in change) await aws.send(change.do);
  await rule.inspect(resource, aws, parameters, new Date());
}

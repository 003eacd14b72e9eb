import { connect } from '../../functions/aws/connection';
import { loadRules } from '../../functions/catalogue/catalogue';
import { isChanges } from '../../functions/plan/change';
import { parametersFor, readParameters } from '../../functions/policy/parameters';
import { type Aws, type Change, type Json, notFound, type PlanContext, type Resource, type Rule } from '../../rules/rule';
import { pieces } from '../demo/account/account';
import { isViolation } from '../demo/account/piece';
import { type Case, openCase, type Route } from '../demo/case';
import { fixing } from '../demo/policies';
import { ownersWorld } from '../demo/world';
import type { Account } from '../emulator/account';
import type { Past } from '../emulator/gateway/past';

/** One violation of a rule, seeded, that can be broken again after each fix. */
export interface Fault {
  readonly case: Case;
  readonly rule: Rule;
  readonly resource: Resource;
  readonly parameters: unknown;
  readonly detectedBy: string;
  /** Takes the fix back, whoever made it. */
  breakAgain(): Promise<void>;
}

/** The first violation of each rule in the badly kept account of the demo; a rule that has none there is not measured. */
export async function seedFaults(account: Account, past: Past, routes: readonly Route[]): Promise<readonly Fault[]> {
  const rules = loadRules().map(({ rule }) => rule);
  const world = ownersWorld(account, rules);
  const seeded = new Map<string, Case>();
  for (const piece of pieces.filter((one) => isViolation(one) && !one.region)) {
    const control = (rule: Rule) => [...rule.detectedBy.securityHub, ...rule.detectedBy.config].includes(piece.control);
    const rule = rules.find(control);
    if (rule && !seeded.has(rule.id)) seeded.set(rule.id, await openCase(piece, world, past, routes));
  }
  return Promise.all([...seeded.values()].map((one) => faultOf(one, account)));
}

async function faultOf(one: Case, { region, credentials }: Account): Promise<Fault> {
  const { rule, resource, piece } = one;
  if (resource === notFound) throw new Error(`What was seeded for ${rule.id} is not there.`);
  const read = readParameters(rule, parametersFor(rule, fixing, resource));
  if ('problem' in read) throw new Error(read.problem);
  const aws = connect(rule.clients, { region, credentials });
  const context = { parameters: read.value, detectedBy: piece.control, now: new Date() };
  const { before, changes } = await lookAt(rule, resource, aws, context);
  return {
    case: one,
    rule,
    resource,
    parameters: read.value,
    detectedBy: piece.control,
    async breakAgain() {
      const now = await rule.inspect(resource, aws, read.value, new Date());
      if (now === notFound) throw new Error(`${resource.arn} is gone.`);
      const own = changes.some((change) => 'undo' in change && change.undo === 'revert-own-part');
      const commands = own
        ? (rule.revertOwnPart?.(resource, now, { before, after: now, parameters: read.value }) ?? [])
        : changes.toReversed().flatMap((change) => ('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : []));
      for (const command of commands) await aws.send(command);
    },
  };
}

async function lookAt(
  rule: Rule,
  resource: Resource,
  aws: Aws,
  context: PlanContext<unknown>,
): Promise<{ before: Json; changes: readonly Change[] }> {
  const before = await rule.inspect(resource, aws, context.parameters, context.now);
  const plan = before === notFound ? [] : rule.plan(resource, before, context);
  if (before === notFound || !isChanges(plan)) throw new Error(`${rule.id} does not fix ${resource.arn}.`);
  return { before, changes: plan };
}

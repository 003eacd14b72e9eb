import { type Aws, type AwsCommand, type Change, type Json, notFound, type Resource, type Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { retry } from '../backoff';
import { sameJson } from '../canonical-json';
import type { Clock } from '../clock';
import { includesCommand, isChanges } from '../plan/change';
import type { Inspection } from './inspect-and-plan';

export type Application =
  | { readonly result: 'applied' }
  /** A change failed, and the changes before it were reverted. `exactly`: the resource has its previous state; otherwise, one as close to it as AWS allows. */
  | { readonly result: 'reverted'; readonly error: unknown; readonly exactly: boolean }
  /** A change failed, and so did the revert. `left` describes the resource. */
  | { readonly result: 'left'; readonly error: unknown; readonly left: string };

export interface ApplyOptions {
  readonly rule: Rule;
  readonly resource: Resource;
  readonly aws: Aws;
  readonly clock: Clock;
  readonly before: Json;
  readonly parameters: unknown;
  readonly inspectAndPlan: () => Promise<Inspection | typeof notFound>;
}

/** Sends the changes in order. If one fails, reverts those before it, in reverse order. */
export async function apply(changes: readonly Change[], work: ApplyOptions): Promise<Application> {
  for (const [index, change] of changes.entries()) {
    try {
      await send(change, work);
    } catch (error) {
      if (await tookEffect(changes.slice(index + 1), work)) continue;
      return revert(changes.slice(0, index), error, work);
    }
  }
  return { result: 'applied' };
}

/** Pauses in milliseconds before a change is sent again, until an earlier change has propagated in AWS. */
const pauses = [1000, 2000, 4000, 8000, 15_000];

async function send({ do: command, retryOn = [] }: Change, { aws, clock }: ApplyOptions): Promise<void> {
  const isTransient = (error: unknown): boolean => error instanceof Error && retryOn.includes(error.name);
  await retry(() => aws.send(command), isTransient, { clock, pauses });
}

/** Whether a failed change was applied nevertheless, and only its response was lost: then only the changes after it remain. */
async function tookEffect(after: readonly Change[], { inspectAndPlan }: ApplyOptions): Promise<boolean> {
  try {
    const seen = await inspectAndPlan();
    return (
      seen !== notFound &&
      isChanges(seen.plan) &&
      seen.plan.every((change) => includesCommand(after, change.do) || 'irreversible' in change)
    );
  } catch {
    return false;
  }
}

async function revert(done: readonly Change[], error: unknown, work: ApplyOptions): Promise<Application> {
  try {
    for (const change of done.toReversed()) {
      for (const command of await undoOf(change, work)) await work.aws.send(command);
    }
    const seen = await work.inspectAndPlan();
    const exactly = seen !== notFound && sameJson(seen.state, work.before);
    if (exactly || (seen !== notFound && done.some((change) => 'nearest' in change))) return { result: 'reverted', error, exactly };
    return {
      result: 'left',
      error,
      left: 'the changes made before it were reverted, but the state of the resource differs from the previous state',
    };
  } catch (second) {
    // If the response to an applied change was lost, AWS may refuse the retry of the SDK.
    if (await isBack(work)) return { result: 'reverted', error, exactly: true };
    return { result: 'left', error, left: `of ${done.length} changes made before it, not all could be reverted: ${describe(second)}` };
  }
}

async function isBack({ inspectAndPlan, before }: ApplyOptions): Promise<boolean> {
  const seen = await inspectAndPlan().catch((): typeof notFound => notFound);
  return seen !== notFound && sameJson(seen.state, before);
}

async function undoOf(change: Change, { rule, resource, aws, clock, before, parameters }: ApplyOptions): Promise<readonly AwsCommand[]> {
  if ('irreversible' in change) throw new Error(change.irreversible);
  if (change.undo !== 'revert-own-part') return [change.undo];
  const now = await rule.inspect(resource, aws, parameters, clock.now());
  if (now === notFound) throw new Error('the resource does not exist');
  const commands = rule.revertOwnPart?.(resource, now, { before, after: now, parameters });
  if (!commands) throw new Error('the rule cannot identify its own part in the present state');
  return commands;
}

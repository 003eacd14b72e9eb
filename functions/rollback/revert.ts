import { type Json, notFound } from '../../rules/rule';
import { describe } from '../aws/error';
import { poll } from '../backoff';
import { sameJson } from '../canonical-json';
import { isChanges, loggedChange } from '../plan/change';
import { isMade } from '../plan/intents';
import type { EventBody } from '../remediate/context';
import { misdirected } from './check-command';
import { inspect, type RollbackContext } from './context';
import { commandsOf, ownPart, type UndoPlan } from './undo-plan';

/** Sends the undo commands, the newest intent first, and verifies the state afterwards. */
export async function revert(context: RollbackContext, undo: UndoPlan): Promise<EventBody> {
  try {
    for (const step of undo.steps) {
      const now = await inspect(context);
      if (now === notFound) return failed('The resource no longer exists.');
      const commands = commandsOf(context, step, now);
      if (!commands) return failed("The rule can't identify its own part in the present state. Revert the rest manually.");
      const foreign = misdirected(context, commands, now);
      if (foreign) return failed(foreign.refused);
      for (const command of commands) await context.aws.send(command);
    }
  } catch (error) {
    // If the response to an applied change was lost, AWS may refuse the retry of the SDK.
    if (!(await isBack(context)))
      return failed(`An undo command failed: ${describe(error)}. Repeat the rollback, or fix the resource manually.`);
  }
  return prove(context, undo);
}

async function isBack(context: RollbackContext): Promise<boolean> {
  const now = await inspect(context).catch(() => notFound);
  return now !== notFound && sameJson(now, context.fix.before);
}

/** Milliseconds between two inspections after the undo. */
const pauses = [250, 500, 1000, 2000, 4000];

/** Whether the resource has its previous state, with time for AWS to show it. */
async function prove(context: RollbackContext, undo: UndoPlan): Promise<EventBody> {
  const lookAndJudge = async () => judge(context, await inspect(context), undo);
  const end = await poll(lookAndJudge, (body) => body !== undefined, { clock: context.clock, pauses });
  return end ?? notShown(context);
}

/** The outcome by the present state; undefined while AWS may still return an earlier one. */
function judge(context: RollbackContext, now: Json | typeof notFound, { steps, others }: UndoPlan): EventBody | undefined {
  const { before, after = null, intents } = context.fix;
  if (now === notFound) return failed('The resource no longer exists.');
  if (sameJson(now, before)) return rolledBack('The state of the resource is the same as before the fix.', now);
  if (sameJson(now, after)) return undefined;
  const nearest = intents.flatMap(({ changes, effects }) =>
    changes.flatMap((change, index) =>
      'nearest' in change && change.nearest !== undefined && isMade(effects[index] ?? 'unknown') ? [change.nearest] : [],
    ),
  );
  if (nearest.length > 0)
    return rolledBack(`The state of the resource is as close to the previous state as AWS allows. ${[...new Set(nearest)].join(' ')}`, now);
  const isKept =
    others && steps.every((step) => (context.rule.revertOwnPart ? !ownPart(context, step, now)?.length : needsAgain(context, step, now)));
  return isKept ? rolledBack("The rule's own part is reverted. Later changes by others are kept.", now) : undefined;
}

/** Whether the rule would make all changes of the step again: then they are undone. */
function needsAgain({ rule, resource, fix, clock }: RollbackContext, { intent }: UndoPlan['steps'][number], now: Json): boolean {
  const { detectedBy } = fix.events[0];
  const plan = rule.plan(resource, now, { parameters: fix.parameters, detectedBy, now: clock.now() });
  const needed = isChanges(plan) ? plan.map((change) => loggedChange(change).do) : [];
  return intent.changes.every(
    (change, index) => !isMade(intent.effects[index] ?? 'unknown') || needed.some((call) => sameJson(call, change.do)),
  );
}

function notShown({ rule }: RollbackContext): EventBody {
  const accepted = 'The undo commands were accepted, but the state of the resource differs from the previous state';
  const minutes = Math.ceil((rule.settle ?? 0) / 60);
  const later = `AWS may take ${minutes} minutes to apply them. Request the rollback again after that, to verify and log it.`;
  return failed(minutes > 0 ? `${accepted}. ${later}` : `${accepted}.`);
}

const failed = (reason: string): EventBody => ({ kind: 'rollback-failed', outcome: 'rollback-failed', reason });

export const rolledBack = (reason: string, after: Json): EventBody => ({ kind: 'rolled-back', outcome: 'rolled-back', reason, after });

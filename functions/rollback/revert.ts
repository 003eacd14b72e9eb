import { type Json, notFound } from '../../rules/rule';
import { describe } from '../aws/fault';
import { poll } from '../backoff';
import { sameJson } from '../canonical-json';
import type { EventBody } from '../remediate/context';
import { inspect, type RollbackContext } from './context';
import { ownPart, type UndoPlan } from './undo-plan';

/** Sends the commands that lead back, and proves that they did. */
export async function revert(context: RollbackContext, { commands, others }: UndoPlan): Promise<EventBody> {
  try {
    for (const command of commands) await context.aws.send(command);
  } catch (error) {
    // One that was applied, its answer lost, may be refused when the SDK sends it again.
    if (!(await isBack(context)))
      return failed(`An undo command failed: ${describe(error)}. Send the rollback again, or mend the resource by hand.`);
  }
  return prove(context, others);
}

async function isBack(context: RollbackContext): Promise<boolean> {
  const now = await inspect(context).catch(() => notFound);
  return now !== notFound && sameJson(now, context.fix.before);
}

/** Milliseconds between two looks at what the undo did. */
const pauses = [250, 500, 1000, 2000, 4000];

/** Whether the resource is as it was before, given a moment for AWS to show it. */
async function prove(context: RollbackContext, others: boolean): Promise<EventBody> {
  const lookAndJudge = async () => judge(context, await inspect(context), others);
  const end = await poll(lookAndJudge, (told) => told !== undefined, { clock: context.clock, pauses });
  return end ?? notShown(context);
}

/** How it ended, by the state now; undefined while AWS may still show an older one. */
function judge(context: RollbackContext, now: Json | typeof notFound, others: boolean): EventBody | undefined {
  const { before, after = null, changes } = context.fix;
  if (now === notFound) return failed('The resource is gone since.');
  if (sameJson(now, before)) return rolledBack('The resource is as it was before.', now);
  if (sameJson(now, after)) return undefined;
  const nearest = changes.flatMap((change) => ('nearest' in change && change.nearest !== undefined ? [change.nearest] : []));
  if (nearest.length > 0) return rolledBack(`The resource is as near to the state before as AWS allows. ${nearest.join(' ')}`, now);
  if (others && !ownPart(context, now)?.length)
    return rolledBack("This rule's part is taken back; what others have changed since is kept.", now);
  return undefined;
}

function notShown({ rule }: RollbackContext): EventBody {
  const accepted = 'The undo commands were accepted, but the resource is not as it was before';
  const minutes = Math.ceil((rule.settle ?? 0) / 60);
  const later = `AWS may take ${minutes} minutes to show it: ask for the rollback again then, to have it checked and noted.`;
  return failed(minutes > 0 ? `${accepted} yet. ${later}` : `${accepted}.`);
}

const failed = (reason: string): EventBody => ({ kind: 'rollback-failed', outcome: 'rollback-failed', reason });

export const rolledBack = (reason: string, after: Json): EventBody => ({ kind: 'rolled-back', outcome: 'rolled-back', reason, after });

import { type AwsCommand, type Json, notFound, type Plan } from '../../rules/rule';
import { describe } from '../aws/error';
import { poll } from '../backoff';
import { sameJson } from '../canonical-json';
import { type Intent, isMade } from '../plan/intents';
import { isNeededAgain, isSeenUndone } from '../plan/undone';
import type { EventBody } from '../remediate/context';
import { misdirected } from './check-command';
import { RollbackImpossible } from './codes';
import { checkContained } from './contained';
import { inspect, type RollbackContext } from './context';
import { commandsOf, irreversibleText, refusal, type Step, type UndoPlan } from './undo-plan';

/** The undo that was decided, and what it depends on. */
export interface Reversion {
  readonly undo: UndoPlan;
  /** The state by which it was decided. */
  readonly seen: Json;
  /** Whether later changes by others may be overwritten. */
  readonly force: boolean;
}

/** Sends the undo commands, the newest intent first, and verifies the state afterwards. */
export async function revert(context: RollbackContext, reversion: Reversion): Promise<EventBody> {
  const { undo } = reversion;
  let { others } = undo;
  const found = () => {
    others = true;
  };
  try {
    const end = await sendSteps(context, reversion, found);
    if (end) return end;
  } catch (error) {
    // It was begun, and goes on after the release.
    if (error instanceof RollbackImpossible) throw error;
    // If the response to an applied change was lost, AWS may refuse the retry of the SDK.
    if (!(await isBack(context)))
      return failed(`An undo command failed: ${describe(error)}. Repeat the rollback, or fix the resource manually.`);
  }
  return prove(context, { ...undo, others });
}

/** Looks again before each step: what others have changed since the decision is kept. Returns the end if a step can't be sent. */
async function sendSteps(context: RollbackContext, { undo, seen, force }: Reversion, found: () => void): Promise<EventBody | undefined> {
  const mayOverwrite = force || context.rule.independentUndo === true;
  let isExpected = (state: Json): boolean => sameJson(state, seen);
  for (const [index, decided] of undo.steps.entries()) {
    if (index > 0) await checkContained({ ...context, fix: { begun: true } });
    const now = await lookBefore(context, index, isExpected);
    if (now === notFound) return failed('The resource no longer exists.');
    if (sameJson(now, context.fix.before)) return undefined;
    const fresh = freshStep(context, decided, { now, isFree: mayOverwrite || isExpected(now), isFirst: index === 0 });
    if ('kind' in fresh) return fresh;
    if (fresh.step !== decided) found();
    for (const command of fresh.commands) await context.aws.send(command);
    isExpected = expectedAfter(fresh.step, now);
  }
  return undefined;
}

interface Sight {
  readonly now: Json;
  /** Whether nothing of others can be overwritten. */
  readonly isFree: boolean;
  readonly isFirst: boolean;
}

/** The step in the present state: only the own part if others have changed the resource, of this step and so of those before it. */
function freshStep(
  context: RollbackContext,
  decided: Step,
  { now, isFree, isFirst }: Sight,
): { readonly step: Step; readonly commands: readonly AwsCommand[] } | EventBody {
  const step: Step = decided.by === 'log' && !isFree ? { ...decided, by: 'own-part' } : decided;
  const commands = checkedCommands(context, step, now);
  if (typeof commands !== 'string') return { step, commands };
  return isFirst && step !== decided ? refusedSince(context, now) : failed(commands);
}

/** The commands of a step in the present state, or why they must not be sent. */
function checkedCommands(context: RollbackContext, step: Step, now: Json): readonly AwsCommand[] | string {
  const commands = commandsOf(context, step, now);
  if (!commands) return "The rule can't identify its own part in the present state. Revert the rest manually.";
  return misdirected(context, commands, now)?.refused ?? commands;
}

/** Nothing was sent. */
function refusedSince(context: RollbackContext, after: Json): EventBody {
  const { code, refused: reason } = refusal(context, 'since');
  return { kind: 'rollback-refused', outcome: 'rollback-refused', code, reason, after };
}

/** The state right before a step. AWS may not show the step before it at once. */
function lookBefore(context: RollbackContext, index: number, isExpected: (state: Json) => boolean): Promise<Json | typeof notFound> {
  if (index === 0) return inspect(context);
  return poll(
    () => inspect(context),
    (state) => state === notFound || isExpected(state),
    { clock: context.clock, pauses },
  );
}

/** Whether only this step, or nothing yet, has changed the resource since its look. In a state that is only near to the one before, others may have a part. */
function expectedAfter({ by, intent: { before } }: Step, now: Json): (state: Json) => boolean {
  if (by === 'own-part') return () => false;
  return (state) => sameJson(state, before) || sameJson(state, now);
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
  const nearest = nearestOf(intents);
  if (nearest.length > 0 && isUndone(context, steps, now)) return rolledBack(nearestReached(nearest), now);
  const plan = planFor(context, now);
  if (irreversibleText(intents) !== '' && steps.every(({ intent }) => isNeededAgain(intent, plan)))
    return rolledBack(revertedBut(intents), now);
  const isKept = others && isUndone(context, steps, now);
  return isKept ? rolledBack("The rule's own part is reverted. Later changes by others are kept.", now) : undefined;
}

/** Why the undo of the changes in effect restores only the nearest state. */
const nearestOf = (intents: readonly Intent[]): readonly string[] =>
  intents.flatMap(({ changes, effects }) =>
    changes.flatMap((change, index) =>
      'nearest' in change && change.nearest !== undefined && isMade(effects[index] ?? 'unknown') ? [change.nearest] : [],
    ),
  );

/** The end if AWS has made the undos of an earlier rollback meanwhile, of which the plan of the rule shows nothing. */
export function undoneSince(context: RollbackContext, now: Json): EventBody | undefined {
  const { fix, rule } = context;
  const nearest = fix.begun && rule.isUndone ? nearestOf(fix.intents) : [];
  return nearest.length > 0 && isUndone(context, [], now) ? rolledBack(nearestReached(nearest), now) : undefined;
}

const nearestReached = (reasons: readonly string[]): string =>
  `The state of the resource is as close to the previous state as AWS allows. ${[...new Set(reasons)].join(' ')}`;

/** Whether the present state shows that all steps are undone. */
function isUndone(context: RollbackContext, steps: UndoPlan['steps'], now: Json): boolean {
  const { rule, resource, fix } = context;
  const { before, after = now, parameters } = fix;
  if (rule.isUndone) return rule.isUndone(now, { before, after, parameters });
  const look = { state: now, plan: planFor(context, now) };
  return steps.every(({ intent, after: shown }) =>
    isSeenUndone({ rule, resource, parameters }, { ...intent, ...(shown !== undefined && { after: shown }) }, look),
  );
}

function planFor({ rule, resource, fix, clock }: RollbackContext, now: Json): Plan {
  const { detectedBy } = fix.events[0];
  return rule.plan(resource, now, { parameters: fix.parameters, detectedBy, now: clock.now() });
}

function notShown({ rule }: RollbackContext): EventBody {
  const accepted = 'The undo commands were accepted, but the state of the resource differs from the previous state';
  const minutes = Math.ceil((rule.settle ?? 0) / 60);
  const later = `AWS may take ${minutes} minutes to apply them. Request the rollback again after that, to verify and log it.`;
  return failed(minutes > 0 ? `${accepted}. ${later}` : `${accepted}.`);
}

/** Of changes of which some are irreversible. */
export const revertedBut = (intents: readonly Intent[]): string => `The reversible changes are reverted. ${irreversibleText(intents)}`;

const failed = (reason: string): EventBody => ({ kind: 'rollback-failed', outcome: 'rollback-failed', reason });

export const rolledBack = (reason: string, after: Json): EventBody => ({ kind: 'rolled-back', outcome: 'rolled-back', reason, after });

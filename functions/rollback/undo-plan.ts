import type { AwsCommand, Json } from '../../rules/rule';
import { commandOf } from '../aws/call';
import { sameJson } from '../canonical-json';
import type { Effect, LoggedChange } from '../log/event';
import { type Intent, isMade, someMade } from '../plan/intents';
import type { Refusal } from './codes';
import type { RollbackContext } from './context';
import { isOwnWork, mayHoldOthers } from './own-work';

/** How one intent is undone: by the commands in the log, or by the rule's own part in the present state. */
export interface Step {
  readonly intent: Intent;
  /** The state after the intent, if it is known. */
  readonly after: Json | undefined;
  readonly by: 'log' | 'own-part';
}

/** The undo of all changes that took effect, the newest intent first; `others`: others have, or may have, changed the resource since or in between. */
export interface UndoPlan {
  readonly steps: readonly Step[];
  readonly others: boolean;
}

type Cause = 'since' | 'interrupted';

/** The undo for the present state, or why there is none: what others have changed is never overwritten without `force`. */
export function undoPlanFor(context: RollbackContext, now: Json, force: boolean): UndoPlan | Refusal {
  const { fix } = context;
  const independent = context.rule.independentUndo === true;
  const steps: Step[] = [];
  let cause: Cause | undefined;
  if (changedSince(context, now)) cause = fix.begun ? 'interrupted' : 'since';
  let others = cause !== undefined;
  for (const [index, intent] of [...fix.intents.entries()].toReversed()) {
    const interrupted = isUncertain(intent, independent) || effectsOn(intent).some((effect) => effect === 'seen' || effect === 'unknown');
    cause ??= causeIn(intent, interrupted, independent);
    if (reversible(intent).length > 0) {
      const by = wayFor(context, { intent, index, now }, { clean: cause === undefined, interrupted, force });
      if (by === undefined) return refusal(context, cause);
      steps.push({ intent, after: stateAfter(fix.intents, index), by });
    }
    if (changedBetween(fix.intents[index - 1], intent, independent)) cause ??= 'interrupted';
    others ||= interrupted || cause !== undefined;
  }
  return steps.length > 0 ? { steps, others } : irreversibleOnly(fix.intents);
}

function irreversibleOnly(intents: readonly Intent[]): Refusal {
  return { code: 'irreversible', refused: `No change that is in effect can be reverted. ${irreversibleText(intents)}` };
}

/** What is known of the changes of the resource itself. */
const effectsOn = ({ changes, effects }: Intent): readonly Effect[] =>
  effects.filter((_, index) => !('evidence' in (changes[index] ?? {})));

function causeIn(intent: Intent, interrupted: boolean, independent: boolean): Cause | undefined {
  if (intent.changedSince) return 'since';
  return interrupted && (!independent || effectsOn(intent).includes('unknown')) ? 'interrupted' : undefined;
}

/** Whether others have, or may have, changed the resource since the last state in the log. */
function changedSince({ rule, fix: { after, begun, intents } }: RollbackContext, now: Json): boolean {
  if (rule.independentUndo && begun) return false;
  if (after !== undefined) return !sameJson(now, after);
  // A look has shown each change of an interrupted worker.
  const isSeen = intents.at(-1)?.effects.every((effect) => effect === 'seen' || effect === 'not-made') === true;
  return !(rule.independentUndo && isSeen);
}

const stateAfter = (intents: readonly Intent[], index: number): Json | undefined => intents[index]?.after ?? intents[index + 1]?.before;

/** Whether others have, or may have, changed the resource between two intents. */
function changedBetween(earlier: Intent | undefined, later: Intent, independent: boolean): boolean {
  if (!earlier) return false;
  const seen = isUncertain(earlier, independent) ? undefined : earlier.after;
  const after = someMade([earlier]) ? seen : earlier.before;
  // An interrupted worker did not log the state after its changes.
  return after === undefined ? !independent : !sameJson(after, later.before);
}

/** Whether others may have had a part in the state that was logged after the changes. */
const isUncertain = (intent: Intent, independent: boolean): boolean =>
  someMade([intent]) && (isLate(intent) || (!independent && mayHoldOthers(intent)));

const isLate = (intent: Intent): boolean => intent.late === true && !isOwnWork(intent);

interface Candidate {
  readonly intent: Intent;
  readonly index: number;
  readonly now: Json;
}

function wayFor(
  context: RollbackContext,
  { intent, index, now }: Candidate,
  { clean, interrupted, force }: { readonly clean: boolean; readonly interrupted: boolean; readonly force: boolean },
): Step['by'] | undefined {
  const whole = reversible(intent).every(({ undo }) => undo !== 'revert-own-part');
  if (whole && (clean || force)) return 'log';
  // What differs between the states before and after may be the work of others.
  if (interrupted && !force && !context.rule.marksOwnPart) return undefined;
  return ownPart(context, { intent, after: stateAfter(context.fix.intents, index) }, now) ? 'own-part' : undefined;
}

/** Why nothing is undone. */
export function refusal({ rule, fix: { after } }: RollbackContext, cause: Cause | undefined): Refusal {
  if (cause === undefined)
    return { code: 'own-part-unknown', refused: `${rule.id} can't identify its own part in the present state. Revert it manually.` };
  if (cause === 'interrupted')
    return {
      code: 'interrupted',
      refused:
        'The fix or a rollback was interrupted, or the fix was verified only later, or the state after it shows more than its changes: others may have changed the resource meanwhile, and a rollback could overwrite their changes. Check the states in the log first, then use --force to roll back anyway.',
    };
  const unlogged = after === undefined ? ', whose result is not logged' : '';
  return {
    code: 'changed-since',
    refused: `The resource has changed since the fix${unlogged}, by others or by another remediation, and a rollback could overwrite these changes. Check them first (posture log --resource shows the remediations of the resource), then use --force to roll back anyway.`,
  };
}

/** The changes of the intent that are, or may be, in effect. */
const madeChanges = ({ changes, effects }: Intent): readonly LoggedChange[] =>
  changes.filter((_, index) => isMade(effects[index] ?? 'unknown'));

type Reversible = Extract<LoggedChange, { readonly undo: unknown }>;

/** The changes that are, or may be, in effect and can be reverted. */
const reversible = (intent: Intent): readonly Reversible[] => madeChanges(intent).filter((change) => 'undo' in change);

/** Whether a change that can be reverted is, or may be, in effect. */
export const hasReversible = (intents: readonly Intent[]): boolean => intents.some((intent) => reversible(intent).length > 0);

/** The irreversible changes that are, or may be, in effect, with the reasons; empty if there is none. */
export const irreversibleText = (intents: readonly Intent[]): string =>
  intents
    .flatMap(madeChanges)
    .flatMap((change) =>
      'irreversible' in change ? [`${change.do.service}:${change.do.operation} is irreversible: ${change.irreversible}`] : [],
    )
    .join(' ');

/** The commands of a step in the present state; undefined if the rule cannot identify its own part in it. */
export function commandsOf(context: RollbackContext, step: Step, now: Json): readonly AwsCommand[] | undefined {
  if (step.by === 'own-part') return ownPart(context, step, now);
  return reversible(step.intent)
    .toReversed()
    .flatMap(({ undo }) => (undo === 'revert-own-part' ? [] : [commandOf(undo, context.rule.commands)]));
}

/** The commands that revert only the rule's own part. */
export function ownPart(
  { rule, resource, fix: { parameters } }: RollbackContext,
  { intent: { before }, after }: Pick<Step, 'intent' | 'after'>,
  now: Json,
): readonly AwsCommand[] | undefined {
  return rule.revertOwnPart?.(resource, now, { before, after: after ?? now, parameters });
}

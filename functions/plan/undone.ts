import type { Json, Plan, Resource, Rule } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import type { LoggedChange } from '../log/event';
import { isChanges, loggedChange } from './change';
import { type Intent, isMade } from './intents';

interface Undoing {
  readonly rule: Pick<Rule, 'revertOwnPart' | 'isUndone'>;
  readonly resource: Resource;
  readonly parameters: unknown;
}

/** Whether a look shows that the changes of the intent are undone: the rule finds nothing of its own to revert, or would make each of them again. */
export function isSeenUndone(
  { rule, resource, parameters }: Undoing,
  intent: Pick<Intent, 'changes' | 'effects' | 'before' | 'after'>,
  { state, plan }: { readonly state: Json; readonly plan: Plan },
): boolean {
  const { before, after = state } = intent;
  if (rule.isUndone) return rule.isUndone(state, { before, after, parameters });
  if (rule.revertOwnPart) return rule.revertOwnPart(resource, state, { before, after, parameters })?.length === 0;
  return isNeededAgain(intent, plan);
}

/** Whether the rule would make all changes of the intent again: then they are undone. */
export function isNeededAgain({ changes, effects }: Pick<Intent, 'changes' | 'effects'>, plan: Plan): boolean {
  const needed = isChanges(plan) ? plan.map((change) => loggedChange(change).do) : [];
  return changes.every((change, index) => !isInEffect(change, effects[index]) || needed.some((call) => sameJson(call, change.do)));
}

const isInEffect = (change: LoggedChange, effect: Intent['effects'][number] = 'unknown'): boolean => 'undo' in change && isMade(effect);

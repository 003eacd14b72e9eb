import type { AwsCommand, Json } from '../../rules/rule';
import { commandOf } from '../aws/call';
import { sameJson } from '../canonical-json';
import type { Refusal } from './codes';
import type { RollbackContext } from './context';

/** The undo commands; `others`: the resource was changed since the fix. */
export interface UndoPlan {
  readonly commands: readonly AwsCommand[];
  readonly others: boolean;
}

/** The undo commands for the present state, or why there are none. */
export function undoPlanFor(context: RollbackContext, now: Json, force: boolean): UndoPlan | Refusal {
  const { rule, fix } = context;
  const { after, changes } = fix;
  const untouched = after !== undefined && sameJson(now, after);
  const logged = changes.flatMap((change) => ('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : []));
  const whole = logged.length === changes.length;
  if (whole && (untouched || force)) return { commands: logged.map((call) => commandOf(call, rule.commands)), others: !untouched };
  const commands = ownPart(context, now);
  if (commands) return { commands, others: !untouched };
  if (untouched)
    return { code: 'own-part-unknown', refused: `${rule.id} can't identify its own part in the present state. Revert it manually.` };
  const since = after === undefined ? ', whose result is not logged' : '';
  return {
    code: 'changed-since',
    refused: `The resource has changed since the fix${since}, and a rollback could overwrite other changes. Check them first, then use --force to roll back anyway.`,
  };
}

/** The commands that revert only the rule's own part; undefined if the rule cannot identify it in the present state. */
export function ownPart(
  { rule, resource, fix: { before, after, parameters } }: RollbackContext,
  now: Json,
): readonly AwsCommand[] | undefined {
  return rule.revertOwnPart?.(resource, now, { before, after: after ?? now, parameters });
}

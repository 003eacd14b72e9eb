import type { AwsCommand, Json } from '../../rules/rule';
import { commandOf } from '../aws/call';
import { sameJson } from '../canonical-json';
import type { RollbackContext } from './context';

/** What leads back; `others`: the resource was changed since the fix. */
export interface UndoPlan {
  readonly commands: readonly AwsCommand[];
  readonly others: boolean;
}

/** The commands that lead back from the state now, or why there are none. */
export function undoPlanFor(context: RollbackContext, now: Json, force: boolean): UndoPlan | { readonly refused: string } {
  const { rule, fix } = context;
  const { after, changes } = fix;
  const untouched = after !== undefined && sameJson(now, after);
  const logged = changes.flatMap((change) => ('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : []));
  const whole = logged.length === changes.length;
  if (whole && (untouched || force)) return { commands: logged.map((call) => commandOf(call, rule.commands)), others: !untouched };
  const commands = ownPart(context, now);
  if (commands) return { commands, others: !untouched };
  if (untouched) return { refused: `${rule.id} can't tell its own part from the state now. Take it back by hand.` };
  const end = after === undefined ? ', of which no end is in the log' : '';
  return {
    refused: `The resource has changed since the fix${end}: its undo could overwrite what others did. Look at it first; force the rollback if that is meant.`,
  };
}

/** What takes back the rule's own part alone; undefined where the rule can't tell it from the state now. */
export function ownPart(
  { rule, resource, fix: { before, after, parameters } }: RollbackContext,
  now: Json,
): readonly AwsCommand[] | undefined {
  return rule.revertOwnPart?.(resource, now, { before, after: after ?? now, parameters });
}

import type { Change, Plan, Rule } from '../../rules/rule';
import { callOf, commandOf } from '../aws/call';
import type { LoggedChange } from '../log/event';

/** A change as data, for the log. */
export const loggedChange = (change: Change): LoggedChange => {
  const { note, document } = change;
  const call = { do: callOf(change.do), ...(note !== undefined && { note }), ...(document !== undefined && { document }) };
  if ('irreversible' in change) return { ...call, irreversible: change.irreversible };
  if ('evidence' in change) return { ...call, evidence: change.evidence };
  const undo = change.undo === 'revert-own-part' ? change.undo : callOf(change.undo);
  return { ...call, undo, ...(change.nearest !== undefined && { nearest: change.nearest }) };
};

export const isChanges = (plan: Plan): plan is readonly Change[] => Array.isArray(plan);

/** Throws if a plan could not be rolled back from the log: the rule must have the classes of all its commands. */
export function checkReplayable(rule: Pick<Rule, 'id' | 'commands' | 'revertOwnPart'>, changes: readonly LoggedChange[]): void {
  for (const change of changes) {
    commandOf(change.do, rule.commands);
    if ('irreversible' in change || 'evidence' in change) continue;
    if (change.undo !== 'revert-own-part') commandOf(change.undo, rule.commands);
    else if (!rule.revertOwnPart) throw new Error(`${rule.id} has an undo \`revert-own-part\`, but no \`revertOwnPart\`.`);
  }
}

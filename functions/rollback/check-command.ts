import type { AwsCommand, Json } from '../../rules/rule';
import { isOfResource } from '../../rules/target';
import { callOf, commandOf } from '../aws/call';
import { describe } from '../aws/error';
import type { LoggedChange } from '../log/event';
import type { Refusal } from './codes';
import type { RollbackContext } from './context';

/** Why the log names a command that is none of the rule's; undefined if each is one. */
export function foreignCommand({ rule }: Pick<RollbackContext, 'rule'>, changes: readonly LoggedChange[]): Refusal | undefined {
  for (const change of changes) {
    if (!('undo' in change) || change.undo === 'revert-own-part') continue;
    try {
      commandOf(change.undo, rule.commands);
    } catch (error) {
      return {
        code: 'unknown-command',
        refused: `The log of this remediation names a command that the rule does not have. ${describe(error)}`,
      };
    }
  }
  return undefined;
}

/** Why a command must not be sent: it names neither the resource of the remediation nor a thing that the rule made for it. */
export function misdirected(context: RollbackContext, commands: readonly AwsCommand[], now: Json): Refusal | undefined {
  const { rule, resource, fix } = context;
  const about = { now, before: fix.before, parameters: fix.parameters };
  const other = commands.map(callOf).find((call) => !isOfResource(rule, call, resource, about));
  if (!other) return undefined;
  const refused = `The undo ${other.service}:${other.operation} names another resource than ${resource.arn}, so nothing is sent.`;
  return { code: 'other-resource', refused };
}

import type { Rule } from '../../rules/rule';
import { hashJson } from '../canonical-json';
import type { LoggedChange } from '../log/event';

/**
 * SHA-256 of the calls of a plan, in order, which an approval names. The undo follows from the calls and the state. The approval of a response is
 * for what it does to the resource, whatever calls that takes when it is carried out; only what is irreversible is approved call by call. Evidence needs
 * no approval of its own.
 */
export function hashOfPlan({ id, response }: Pick<Rule, 'id' | 'response'>, changes: readonly LoggedChange[]): string {
  if (!response) return hashJson(changes.flatMap((change) => ('evidence' in change ? [] : [change.do])));
  return hashJson({ response: id, irreversible: changes.flatMap((change) => ('irreversible' in change ? [change.do] : [])) });
}

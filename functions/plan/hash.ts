import { hashJson } from '../canonical-json';
import type { LoggedChange } from '../log/event';

/** SHA-256 of the calls of a plan, in order, which an approval names. The undo follows from the calls and the state. */
export const hashOfPlan = (changes: readonly LoggedChange[]): string => hashJson(changes.map((change) => change.do));

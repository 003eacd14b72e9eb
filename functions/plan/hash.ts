import { hashJson } from '../canonical-json';
import type { LoggedChange } from '../log/event';

/** SHA-256 of what a plan would send, in order: what an approval is for. The way back follows from it and the state. */
export const hashOfPlan = (changes: readonly LoggedChange[]): string => hashJson(changes.map((change) => change.do));

import { nearest } from '../nearest';
import type { ControlPorts } from './ports';
import { type Reply, refuse } from './reply';

/** The refusal of an unknown rule, with the closest one. */
export function noRule(id: string, rules: ControlPorts['rules']): Reply {
  const near = nearest(id, [...rules.keys()]);
  return refuse('not-found', 'rule-not-found', `The rule ${id} does not exist.${near === undefined ? '' : ` Did you mean ${near}?`}`);
}

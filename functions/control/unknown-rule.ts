import { nearest } from '../nearest';
import type { ControlPorts } from './ports';
import { type Reply, refuse } from './reply';

/** There is no such rule here, and the nearest that there is. */
export function noRule(id: string, rules: ControlPorts['rules']): Reply {
  const near = nearest(id, [...rules.keys()]);
  return refuse('not-found', `There is no rule ${id}.${near === undefined ? '' : ` Did you mean ${near}?`}`);
}

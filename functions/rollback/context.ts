import { type Json, notFound, type Resource } from '../../rules/rule';
import { toJson } from '../canonical-json';
import type { Journal } from '../log/journal';
import type { RollbackPorts } from './ports';
import type { Fix } from './read-fix';

/** The values that all steps of a rollback share. */
export interface RollbackContext extends RollbackPorts {
  readonly fix: Fix;
  readonly resource: Resource;
  readonly journal: Journal;
}

/** The state of the resource now. */
export async function inspect({ rule, resource, aws, clock, fix }: RollbackContext): Promise<Json | typeof notFound> {
  const state = await rule.inspect(resource, aws, fix.parameters, clock.now());
  return state === notFound ? notFound : toJson(state);
}

import type { OpenItem } from '../coordination/open-remediation';
import type { LogEvent } from '../log/event';
import { intentsIn, someMade } from '../plan/intents';
import type { Ports } from './ports';

/**
 * Forgets a remediation that is not open any more. If it is of a response and nothing of it is in effect, it contains nothing. `events`: its
 * trail; undefined if that is of something else, so that nobody can tell what is contained.
 */
export async function forgetOpen(
  item: Pick<OpenItem, 'rule' | 'resource' | 'remediation'>,
  events: readonly LogEvent[] | undefined,
  { rule, store, openRemediations }: Pick<Ports, 'rule' | 'store' | 'openRemediations'>,
): Promise<void> {
  // First: a worker that dies in between comes back to what is open.
  if (rule.response && events && !someMade(intentsIn(events))) await store.endContainment(item.resource, item);
  await openRemediations.remove(item);
}

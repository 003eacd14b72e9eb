import { chain } from '../../functions/log/chain';
import type { EventInput, LogEvent, LoggedChange } from '../../functions/log/event';
import type { Resource } from '../../rules/rule';
import { aimedElsewhere } from './targets';

/** The trail of a remediation, with other changes in it and valid hashes. */
export function rewritten(events: readonly LogEvent[], forge: (change: LoggedChange) => LoggedChange): LogEvent[] {
  let last: LogEvent | undefined;
  return events.map(({ hash: _, previous: __, sequence: ___, time, ...event }) => {
    const input: EventInput = { ...event, ...(event.changes && { changes: event.changes.map(forge) }) };
    last = chain(event, last, input, new Date(time));
    return last;
  });
}

/** The trail with each undo aimed at another resource, one at a time. None for a fix whose rollback does not send what is logged. */
export async function misaimedTrails(events: readonly LogEvent[], resource: Resource): Promise<readonly LogEvent[][]> {
  const changes = events.flatMap((event) => event.changes ?? []);
  const undos = changes.flatMap((change) => ('undo' in change ? [change.undo] : []));
  if (undos.includes('revert-own-part')) return [];
  const trails: LogEvent[][] = [];
  for (const undo of undos) {
    if (undo === 'revert-own-part') continue;
    const [elsewhere] = await aimedElsewhere(undo, resource);
    if (!elsewhere) continue;
    const forge = (change: LoggedChange): LoggedChange =>
      'undo' in change && change.undo === undo ? { ...change, undo: elsewhere.other } : change;
    trails.push(rewritten(events, forge));
  }
  return trails;
}

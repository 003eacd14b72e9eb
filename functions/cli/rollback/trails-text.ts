import type { LogEvent } from '../../log/event';
import type { RemediationRecord } from '../../log/record';
import { secondsOf } from '../log/log-text';
import { print } from '../print/printed';
import { textTable } from '../print/text-table';

type Trail = readonly LogEvent[];
type Records = readonly Pick<RemediationRecord, 'events'>[];

/** The plans that await approval, one per line, with the first digits of the hash for `approve --plan`. */
export function printWaiting(records: Records): void {
  const rows = records.map(({ events }) => {
    const until = events.findLast(({ outcome }) => outcome !== undefined)?.until ?? '';
    return [...aboutIt(events), planOf(events)?.slice(0, 16) ?? '', secondsOf(until), callsOf(events)];
  });
  print(textTable(['remediation', 'rule', 'resource', 'plan', 'until', 'calls'], rows));
}

/** The remediations that can be rolled back, one per line. */
export function printFixed(records: Records): void {
  const rows = records.map(({ events }) => {
    const planned = events.findLast(({ kind }) => kind === 'planned')?.time ?? '';
    return [...aboutIt(events), secondsOf(planned), callsOf(events)];
  });
  print(textTable(['remediation', 'rule', 'resource', 'changed', 'calls'], rows));
}

/** The hash of the latest plan of a remediation. */
export const planOf = (events: Trail): string | undefined => events.findLast(({ plan }) => plan !== undefined)?.plan;

const aboutIt = (events: Trail): readonly string[] => {
  const last = events.at(-1);
  return [last?.remediation ?? '', last?.rule ?? '', `${last?.account ?? ''} ${last?.resource ?? ''}`];
};

function callsOf(events: Trail): string {
  const changes = events.findLast((event) => event.changes !== undefined)?.changes ?? [];
  return [...new Set(changes.map(({ do: { service, operation } }) => `${service}:${operation}`))].join(', ');
}

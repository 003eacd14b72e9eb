import type { LogEvent } from '../../log/event';
import { print, printable } from '../printed';
import { textTable } from '../text-table';

/** The remediations as a table, one a line: what an order is about. */
export function printTrails(trails: readonly (readonly LogEvent[])[], head: string): void {
  const rows = trails.map((events) => {
    const last = events.findLast(({ outcome }) => outcome !== undefined) ?? events.at(-1);
    const calls = (events.findLast(({ changes }) => changes !== undefined)?.changes ?? []).map(
      ({ do: { service, operation } }) => `${service}:${operation}`,
    );
    return [
      events[0]?.remediation ?? '',
      events[0]?.rule ?? '',
      `${events[0]?.account ?? ''} ${events[0]?.resource ?? ''}`,
      last?.until?.slice(0, 16) ?? '',
      [...new Set(calls)].join(', '),
    ].map(printable);
  });
  print(textTable(['REMEDIATION', 'RULE', 'RESOURCE', 'UNTIL', head], rows));
}

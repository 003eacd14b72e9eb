import type { Clock } from '../clock';
import { metric } from '../metric';
import type { ForgedRecord } from './read-item';

/** Logs and counts forged records, for the alarm. */
export function countForged(
  name: string,
  clock: Clock,
  log: (message: string, details: { readonly forged: readonly ForgedRecord[] }) => void,
): (records: readonly ForgedRecord[]) => void {
  return (records) => {
    if (records.length === 0) return;
    log('Forged records in the log', { forged: records });
    metric(name, { ForgedRecords: records.length }, clock);
  };
}

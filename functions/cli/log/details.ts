import { loadRules } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import type { LogEvent, Outcome } from '../../log/event';
import { type EventKey, getEvents, placeOf, type ReadRecord } from '../../log/get-events';
import type { LogEntry } from '../../log/question';
import type { DeployedTables } from '../central/deployed-tables';
import { requirementsOf } from '../standards';
import type { ListedEvent } from './list-schema';

/** The outcomes after changes, which an event before them in the trail has. */
const afterChanges: readonly (Outcome | undefined)[] = [
  'fixed',
  'partly-fixed',
  'verifying',
  'unverified',
  'incomplete',
  'disputed',
  'failed',
  'rolled-back',
  'rollback-failed',
];

/** How many events before the end of a remediation are read for its changes: it is planned, applied, and verified. */
const before = 2;

/**
 * The entries as the lists show them: with what was, or would be, changed, from the events themselves and those right before them. One read of the
 * table for each hundred events.
 */
export async function withDetails({ dynamo, log }: DeployedTables, entries: readonly LogEntry[]): Promise<readonly ListedEvent[]> {
  const rules = new Map(loadRules().map(({ rule }) => [rule.id, rule]));
  const read = await getEvents(dynamo, log, entries.flatMap(keysFor), systemClock);
  return entries.map((entry): ListedEvent => {
    if (entry.forged !== undefined) return forgedEntry(entry, entry.forged);
    const [own, ...earlier] = keysFor(entry).flatMap((key) => eventOf(read.get(placeOf(key))));
    // The items of an index may be others than those of the table, and only these have all their fields.
    if (!own) return forgedEntry(entry, reasonOf(read.get(placeOf(keyOf(entry, 0)))));
    const rule = rules.get(entry.rule);
    const events = [own, ...earlier];
    const changes = events.find((event) => event.changes !== undefined)?.changes ?? [];
    const occurrence = events.find((event) => event.occurrence !== undefined)?.occurrence;
    const owner = events.find((event) => event.owner !== undefined)?.owner;
    return {
      ...entry,
      ...(rule && { severity: rule.severity }),
      standards: rule ? [...requirementsOf(entry.detectedBy, rule)] : [],
      changes: changes.map((change) => ({ ...change })) as ListedEvent['changes'],
      times: Object.assign({}, ...events.toReversed().map(({ times }) => times)),
      ...(occurrence && { occurrence: { ...occurrence } }),
      ...(own.deadline && { deadline: { ...own.deadline } }),
      ...(owner !== undefined && { owner }),
    };
  });
}

const keyOf = ({ trail, sequence }: LogEntry, back: number): EventKey => ({ trail, sequence: String(sequence - back) });

function keysFor(entry: LogEntry): readonly EventKey[] {
  if (entry.forged !== undefined) return [];
  const count = afterChanges.includes(entry.outcome) ? Math.min(before, entry.sequence - 1) : 0;
  return Array.from({ length: count + 1 }, (_, back) => keyOf(entry, back));
}

const eventOf = (record: ReadRecord | undefined): readonly LogEvent[] => (record && 'event' in record ? [record.event] : []);

const reasonOf = (record: ReadRecord | undefined): string =>
  record && 'forged' in record ? record.forged.why : 'The table does not have the event that the index has.';

/** Of a forged entry, only what its key says, and why it is forged. */
function forgedEntry({ trail, sequence, by, rule, remediation, time }: LogEntry, forged: string): ListedEvent {
  const empty = { account: '', region: '', resource: '', resourceType: '', finding: '', source: '', detectedBy: '', actor: '' };
  const reason = `This record is forged and is not used. ${forged}`;
  return { ...empty, kind: 'failed', trail, sequence, by, rule, remediation, time, reason, standards: [], changes: [], times: {}, forged };
}

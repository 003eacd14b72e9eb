import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findBreaks } from './chain';
import type { LogEvent } from './event';
import { findTrails } from './find-trails';
import type { ForgedRecord } from './read-item';
import { readTrail, type TrailContent } from './read-trail';
import { type RemediationName, type Trail, trailKey } from './trail';

/** An event with the key of its trail, which is not part of the event and of its hash. */
export interface RecordedEvent extends LogEvent {
  readonly trail: string;
}

/** All that the log holds about one remediation of one rule. */
export interface RemediationRecord {
  readonly rule: string;
  readonly remediation: string;
  readonly trails: readonly TrailContent[];
  /** The events of all trails by time; those of one trail in its order. */
  readonly events: readonly RecordedEvent[];
  readonly forged: readonly ForgedRecord[];
  /** The errors in the hash chains. */
  readonly breaks: readonly string[];
}

/** The record of a remediation, or the rules among which its id is ambiguous; neither if the log has none. */
export type Lookup = { readonly record: RemediationRecord } | { readonly ambiguous: readonly string[] } | 'none';

/** Which trails belong to the record: those of the deployed functions, those of a user's command line, or all. */
export type Origin = 'deployed' | { readonly user: string } | 'all';

/** Reads the trails of a remediation that have this origin. */
export async function findRecord(client: DynamoDBClient, table: string, name: RemediationName, origin: Origin): Promise<Lookup> {
  const { trails, forged } = await findTrails(client, table, name);
  const wanted = trails.filter((trail) => isFrom(trail, origin));
  const read = await Promise.all(wanted.map((trail) => readTrail(client, table, trail)));
  const contents = read.filter((content) => content.events.length > 0 || content.forged.length > 0);
  const rules = [...new Set(contents.map(({ trail }) => trail.rule))];
  const [rule] = rules;
  if (rule === undefined) return 'none';
  return rules.length > 1
    ? { ambiguous: rules.toSorted() }
    : { record: recordOf({ rule, remediation: name.remediation }, contents, forged) };
}

/** The record of one remediation from the content of its trails. */
export function recordOf(
  of: Pick<RemediationRecord, 'rule' | 'remediation'>,
  trails: readonly TrailContent[],
  others: readonly ForgedRecord[] = [],
): RemediationRecord {
  return {
    ...of,
    trails,
    events: merged(trails),
    forged: [...trails.flatMap(({ forged }) => forged), ...others],
    breaks: trails.flatMap(breaksIn),
  };
}

function isFrom(trail: Trail, origin: Origin): boolean {
  if (origin === 'all') return true;
  return origin === 'deployed' ? trail.by !== 'local' : trail.by === 'local' && trail.user === origin.user;
}

/** In the same millisecond: people react to what a function has logged. */
const precedence = { rule: 0, local: 1, control: 2, requests: 3, tickets: 4 } as const;

/** The events by time. A writer that claims other times changes nothing about the order of its own events. */
function merged(trails: readonly TrailContent[]): readonly RecordedEvent[] {
  const ordered = trails.toSorted((a, b) => precedence[a.trail.by] - precedence[b.trail.by]);
  const queues = ordered.map(({ trail, events }) => events.map((event) => ({ ...event, trail: trailKey(trail) })));
  const all: RecordedEvent[] = [];
  for (;;) {
    const [next] = queues.filter((queue) => queue.length > 0).toSorted((a, b) => (a[0]?.time ?? '').localeCompare(b[0]?.time ?? ''));
    const event = next?.shift();
    if (!event) return all;
    all.push(event);
  }
}

function breaksIn({ trail, events }: TrailContent): readonly string[] {
  const found = findBreaks(events);
  return trail.by === 'rule' ? found : found.map((one) => `${trailKey(trail)}: ${one}`);
}

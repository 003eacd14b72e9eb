import {
  type DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  type ParameterizedStatement,
} from '@aws-sdk/client-dynamodb';
import { isContention, retryContention } from '../aws/contention';
import { type Clock, systemClock } from '../clock';
import type { LogEvent } from './event';
import { itemOf } from './item';
import type { ForgedRecord } from './read-item';
import { readTrail } from './read-trail';
import { parseTrail, type Trail, trailKey, type Writer } from './trail';

/** The append-only log, as one writer uses it: it writes and reads only its own trails. */
export interface Log {
  /** Adds the events, all or none. Adding the same events again is not an error; it is one if other events are in their place. */
  append(events: readonly LogEvent[]): Promise<void>;
  /** The writer's events of one remediation, in order; none if it wrote none. */
  read(remediation: string): Promise<LogEvent[]>;
}

/** The log of a writer. Forged records in its trails are reported, and not used. */
export function dynamoLog(
  client: DynamoDBClient,
  table: string,
  writer: Writer,
  { clock = systemClock, onForged }: { readonly clock?: Clock; readonly onForged?: (records: readonly ForgedRecord[]) => void } = {},
): Log {
  return {
    async read(remediation) {
      const trail: Trail = { ...writer, remediation };
      // A message names the remediation: an id that is none could lead into the trail of another writer.
      if (!parseTrail(trailKey(trail))) return [];
      const { events, forged } = await readTrail(client, table, trail);
      if (forged.length > 0) onForged?.(forged);
      return [...events];
    },

    async append(events) {
      const statements = events.map((event) => insertion(table, event, writer));
      try {
        await retryContention(async () => {
          const [only] = statements;
          if (statements.length === 1 && only) await client.send(new ExecuteStatementCommand(only));
          else await client.send(new ExecuteTransactionCommand({ TransactStatements: statements }));
        }, clock);
      } catch (error) {
        // The response to our first attempt may have been lost: then the stored events are ours.
        if (!isDuplicate(error) || !(await holds(events))) throw error;
      }
    },
  };

  async function holds(events: readonly LogEvent[]): Promise<boolean> {
    const [first] = events;
    const stored = first ? (await readTrail(client, table, { ...writer, remediation: first.remediation })).events : [];
    const hashes = new Set(stored.map(({ hash }) => hash));
    return events.every(({ hash }) => hashes.has(hash));
  }
}

/** Nobody may replace an item, so this is the only write: unlike PutItem, it fails if the key exists. */
function insertion(table: string, event: LogEvent, writer: Writer): ParameterizedStatement {
  if (event.rule !== writer.rule) throw new Error(`The event is of the rule ${event.rule}, and this log of ${writer.rule}.`);
  const item = itemOf(event, trailKey({ ...writer, remediation: event.remediation }));
  const names = Object.keys(item).map((name) => `'${name}': ?`);
  return { Statement: `INSERT INTO "${table}" VALUE {${names.join(', ')}}`, Parameters: Object.values(item) };
}

/** Whether DynamoDB refused to insert an item because one with its key exists. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error) || isContention(error)) return false;
  const { CancellationReasons = [] } = error as { readonly CancellationReasons?: readonly { readonly Code?: string }[] };
  return error.name === 'DuplicateItemException' || CancellationReasons.some(({ Code }) => Code === 'DuplicateItem');
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LogEvent } from '../../functions/log/event';
import type { Log } from '../../functions/log/log';
import { type LogEntry, queryLog } from '../../functions/log/query';
import type { Delivery } from './pass';

/** What the log holds of one resource, and of its fix. */
export interface Trail {
  /** ARN. */
  readonly resource: string;
  /** All that ever came of reports about it, as the index by resource has it, oldest first. */
  readonly entries: readonly LogEntry[];
  /** The fix, whole. */
  readonly events: readonly LogEvent[];
}

/** Asks the log as an auditor does: first by resource, then for the remediation. */
export async function readTrail({ resource, remediation }: Delivery, dynamo: DynamoDBClient, table: string, log: Log): Promise<Trail> {
  const { entries } = await queryLog(dynamo, table, { resource, order: 'oldest-first' }, { limit: 1000 });
  return { resource, entries, events: await log.read(remediation) };
}

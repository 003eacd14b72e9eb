import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LogEntry, queryLog } from '../../functions/log/query';
import { readTrail as read } from '../../functions/log/read-trail';
import { type RemediationRecord, recordOf } from '../../functions/log/record';
import type { Delivery } from './pass';

/** What the log holds of one resource, and of its fix. */
export interface Trail {
  /** ARN. */
  readonly resource: string;
  /** All that ever came of reports about it, as the index by resource has it, oldest first. */
  readonly entries: readonly LogEntry[];
  /** The fix, whole. */
  readonly record: RemediationRecord;
}

/** Asks the log as an auditor does: first by resource, then for the remediation. */
export async function readTrail({ of, resource, remediation }: Delivery, dynamo: DynamoDBClient, table: string): Promise<Trail> {
  const name = { rule: of.rule.id, remediation };
  const { entries } = await queryLog(dynamo, table, { resource, order: 'oldest-first' }, { limit: 1000 });
  return { resource, entries, record: recordOf(name, [await read(dynamo, table, { by: 'rule', ...name })]) };
}

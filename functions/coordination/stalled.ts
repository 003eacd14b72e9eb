import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openItems } from './open-items';

/** An open remediation whose retry is overdue. */
export interface Stalled {
  readonly rule: string;
  readonly remediation: string;
  /** The retry message as JSON. */
  readonly message: string;
}

/** The open remediations whose next attempt, or whose beginning, is before that time; the oldest first. */
export async function listStalled(client: DynamoDBClient, table: string, before: Date, limit: number): Promise<readonly Stalled[]> {
  const found: Stalled[] = [];
  for await (const item of openItems(client, table, { kind: 'remediation', before })) {
    found.push(...stalledIn(item, before));
    if (found.length === limit) break;
  }
  return found;
}

/** The rule is taken from the key: its function could have written anything into the other attributes. */
function stalledIn(item: Record<string, AttributeValue>, before: Date): readonly Stalled[] {
  const [, rule] = /^open (\S+) \S/.exec(item.key?.S ?? '') ?? [];
  const { S: message } = item.message ?? {};
  const next = item.next?.S;
  // The function of the rule can't continue what a command line makes.
  if (rule === undefined || message === undefined || item.user) return [];
  if (next !== undefined && next >= before.toISOString()) return [];
  return [{ rule, remediation: item.remediation?.S ?? '', message }];
}

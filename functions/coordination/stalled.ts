import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openItems } from './open-items';

/** An open remediation whose retry is overdue. */
export interface Stalled {
  readonly rule: string;
  readonly remediation: string;
  /** The retry message as JSON. */
  readonly message: string;
}

export interface StalledSought {
  readonly before: Date;
  readonly limit: number;
  readonly rules: { has(rule: string): boolean };
}

/**
 * The open remediations of these rules whose next attempt, or whose beginning, is before that time: the oldest of each rule first, and the rules
 * in turn, so that none keeps out the others.
 */
export async function listStalled(
  client: DynamoDBClient,
  table: string,
  { before, limit, rules }: StalledSought,
): Promise<readonly Stalled[]> {
  const byRule = new Map<string, Stalled[]>();
  for await (const item of openItems(client, table, { kind: 'remediation', before })) {
    for (const one of stalledIn(item, before)) {
      if (!rules.has(one.rule)) continue;
      const own = byRule.get(one.rule) ?? [];
      if (own.length < limit) own.push(one);
      byRule.set(one.rule, own);
    }
  }
  const turns = [...byRule.values()].flatMap((own) => own.map((one, turn) => ({ one, turn })));
  const inTurn = turns.toSorted((a, b) => a.turn - b.turn);
  return inTurn.slice(0, limit).map(({ one }) => one);
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

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { days } from '../duration';
import { keys } from './keys';
import { openItems } from './open-items';
import { type OpenItem, openItemOf, UnreadableItem } from './open-remediation';

/** An open remediation that nothing continues: its item can't be read, or its rule is not deployed. */
export interface Stranded {
  /** The key of the item. */
  readonly key: string;
  /** A sentence. */
  readonly why: string;
}

export interface Overdue {
  /** Those that can be continued. */
  readonly stalled: readonly OpenItem[];
  readonly stranded: readonly Stranded[];
}

export interface OverdueSought {
  readonly before: Date;
  /** The maximum of `stalled`. */
  readonly limit: number;
  readonly rules: { has(rule: string): boolean };
}

/**
 * The open remediations whose next attempt, or whose beginning, is before that time: the oldest of each rule first, and the rules in turn, so
 * that none keeps out the others.
 */
export async function listOverdue(client: DynamoDBClient, table: string, { before, limit, rules }: OverdueSought): Promise<Overdue> {
  const byRule = new Map<string, OpenItem[]>();
  const stranded: Stranded[] = [];
  const longBefore = new Date(before.getTime() - days(1)).toISOString();
  for await (const item of openItems(client, table, { kind: 'remediation', before })) {
    const one = strandedOr(() => openItemOf(item), rules);
    if ('why' in one) {
      stranded.push(one);
      continue;
    }
    // The function of the rule can't continue what a command line makes.
    if (one.user !== undefined) {
      if (one.since < longBefore) stranded.push(leftBy(one.user, one));
      continue;
    }
    if (one.next !== undefined && one.next >= before.toISOString()) continue;
    const own = byRule.get(one.rule) ?? [];
    if (own.length < limit) own.push(one);
    byRule.set(one.rule, own);
  }
  const turns = [...byRule.values()].flatMap((own) => own.map((one, turn) => ({ one, turn })));
  const inTurn = turns.toSorted((a, b) => a.turn - b.turn);
  return { stalled: inTurn.slice(0, limit).map(({ one }) => one), stranded };
}

/** What a command line has not finished for a day, it was not able to. */
const leftBy = (user: string, { rule, resource }: OpenItem): Stranded => ({
  key: keys.open(rule, resource),
  why: `The command line of ${user} did not finish it. That user has to replay its event.`,
});

/** The open remediation, or why nothing continues it. */
export function strandedOr(read: () => OpenItem, rules: OverdueSought['rules']): OpenItem | Stranded {
  try {
    const item = read();
    if (item.user !== undefined || rules.has(item.rule)) return item;
    return { key: keys.open(item.rule, item.resource), why: `The rule ${item.rule} is not deployed.` };
  } catch (error) {
    if (error instanceof UnreadableItem) return { key: error.key, why: error.message };
    throw error;
  }
}

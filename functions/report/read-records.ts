import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { eachOf } from '../concurrency';
import { type LogQuestion, queryLog } from '../log/query';
import { readTrail } from '../log/read-trail';
import { type RemediationRecord, recordOf } from '../log/record';
import { parseTrail, type Trail, trailKey } from '../log/trail';
import type { Span } from './numbers/span';

/** Which part of the log: each rule, or each account, is one query of its index. */
export type Part = { readonly rule: string } | { readonly account: string };

const pageSize = 1000;
const maxReads = 16;
const atOnce = 64;

/**
 * The remediations of which the log has an event in the period, each with all its trails that have one, and that of its rule. Reads the index
 * of the part, and the trails by their keys; never the whole table. Other writers can claim other accounts: a remediation is in that of its rule's
 * function.
 */
export async function* readRecords(
  client: DynamoDBClient,
  table: string,
  parts: readonly Part[],
  span: Span,
): AsyncGenerator<RemediationRecord> {
  for (const part of parts) {
    const found = [...(await trailsOf(client, table, part, span)).values()];
    for (let start = 0; start < found.length; start += atOnce) {
      const records = await eachOf(found.slice(start, start + atOnce), maxReads, async (trails) => {
        const contents = await Promise.all(trails.map((trail) => readTrail(client, table, trail)));
        const [{ rule, remediation }] = trails;
        const own = contents.find(({ trail }) => trail.by === 'rule')?.events.at(-1);
        if (own && 'account' in part && own.account !== part.account) return [];
        return [
          recordOf(
            { rule, remediation },
            contents.filter(({ events, forged }) => events.length + forged.length > 0),
          ),
        ];
      });
      yield* records.flat();
    }
  }
}

type Trails = [Trail, ...Trail[]];

/** By remediation. What only claims to be a trail is not read; `posture log` reports it. */
async function trailsOf(client: DynamoDBClient, table: string, part: Part, { since, until }: Span): Promise<ReadonlyMap<string, Trails>> {
  const question: LogQuestion = {
    ...part,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    steps: true,
    order: 'oldest-first',
  };
  const found = new Map<string, Map<string, Trail>>();
  let after: string | undefined;
  do {
    const page = await queryLog(client, table, question, { limit: pageSize, ...(after !== undefined && { after }) });
    for (const { trail: key } of page.entries) {
      const trail = parseTrail(key);
      if (!trail || ('rule' in part && trail.rule !== part.rule)) continue;
      const name = `${trail.rule}/${trail.remediation}`;
      const own: Trail = { by: 'rule', rule: trail.rule, remediation: trail.remediation };
      const trails = found.get(name) ?? new Map<string, Trail>([[trailKey(own), own]]);
      found.set(name, trails);
      trails.set(key, trail);
    }
    after = page.next;
  } while (after !== undefined);
  return new Map([...found].map(([name, trails]) => [name, [...trails.values()] as Trails]));
}

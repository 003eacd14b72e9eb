import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { canonicalJson } from '../canonical-json';
import type { Clock } from '../clock';
import { getItems, maxKeys } from './get-items';
import { forgetAt, keys, openIndex } from './keys';
import { openItems } from './open-items';

/** The maximum number of checks that are recorded. */
export const maxChecks = 40;

const text = z.string().max(2048);

const stored = z.object({
  rule: text,
  account: z.string().regex(/^\d{12}$/),
  region: text,
  /** ISO 8601. */
  at: z.iso.datetime(),
  /** The ARN of the operator. */
  requestedBy: text,
  /** The ARN of the resource on which it was tried. */
  resource: text.optional(),
  allowed: z.int().min(0),
  denied: z.int().min(0),
  unknown: z.int().min(0),
  /** What is not allowed first. */
  checks: z
    .array(z.object({ action: text, on: text, verdict: z.enum(['allowed', 'denied', 'unknown']), why: text.optional() }))
    .max(maxChecks)
    .readonly(),
});

/** What the last drill of a response in an account found, by the word of the function of the rule. */
export type RecordedDrill = Readonly<z.infer<typeof stored>>;

/** For how many days a drill is shown. */
const daysKept = 400;

/** Only the function of the rule may write it. */
export async function putDrill(client: DynamoDBClient, table: string, drill: RecordedDrill, clock: Clock): Promise<void> {
  await client.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        key: { S: keys.drill(drill.rule, drill.account) },
        // By `open` and `since`, an index lists it.
        open: { S: openIndex.drill },
        since: { S: drill.at },
        drill: { S: canonicalJson(drill) },
        forget: { N: String(forgetAt(clock.now(), daysKept)) },
      },
    }),
  );
}

/** The last drill of the response in the account. Undefined if there was none, or what is stored is no such thing. */
export async function getDrill(
  client: DynamoDBClient,
  table: string,
  { rule, account }: { readonly rule: string; readonly account: string },
  clock: Clock,
): Promise<RecordedDrill | undefined> {
  const key = keys.drill(rule, account);
  const { [table]: items } = await getItems(client, { [table]: [key] }, clock);
  return drillIn(key, items?.get(key)?.drill);
}

/** The last drill of each response in each account, the oldest first. */
export async function listDrills(client: DynamoDBClient, table: string, clock: Clock): Promise<readonly RecordedDrill[]> {
  const found: string[] = [];
  for await (const { key } of openItems(client, table, { kind: 'drill' })) found.push(key?.S ?? '');
  const drills: RecordedDrill[] = [];
  for (let from = 0; from < found.length; from += maxKeys) {
    const page = found.slice(from, from + maxKeys);
    const { [table]: items } = await getItems(client, { [table]: page }, clock);
    drills.push(...page.flatMap((key) => drillIn(key, items?.get(key)?.drill) ?? []));
  }
  return drills;
}

/** What a function writes of another rule is no drill of it. */
function drillIn(key: string, text: unknown): RecordedDrill | undefined {
  try {
    const { data } = stored.safeParse(JSON.parse(String(text)));
    return data && keys.drill(data.rule, data.account) === key ? data : undefined;
  } catch {
    return undefined;
  }
}

import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { poll } from '../backoff';
import type { Clock } from '../clock';
import type { Attribution, RecordedState, Used } from '../decision/facts';
import { fixTimes } from './fixes';
import { keys, periodsOf } from './keys';

/** The subject of the recorded state. */
export interface About {
  readonly rule: string;
  readonly account: string;
  /** The key of its lease. */
  readonly resource: string;
  /** The remediation that an approval may be for. */
  readonly remediation: string;
}

/** A plan that awaits approval. */
export interface Ask {
  readonly remediation: string;
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  readonly expires: string;
}

/** The recorded state, with details that no decision depends on. */
export interface CoordinationRecord extends RecordedState {
  readonly ask?: Ask;
  /** Consecutive failures of the rule. */
  readonly failures: number;
}

type Item = Readonly<Record<string, unknown>>;

/** Reads the recorded state, in one call and strongly consistent. */
export async function readRecordedState(client: DynamoDBClient, table: string, about: About, clock: Clock): Promise<CoordinationRecord> {
  const { rule, account, resource, remediation } = about;
  const { hour, day } = periodsOf(clock.now());
  const counts = ['all', `rule ${rule}`, `account ${account}`];
  const wanted = [
    keys.stop,
    keys.breaker(rule),
    keys.hold(rule, resource),
    keys.fixes(rule, resource),
    keys.ask(rule, resource),
    keys.approval(remediation),
    ...counts.flatMap((of) => [keys.count(of, hour), keys.count(of, day)]),
  ];
  const items = await getAll(client, table, wanted, clock);
  const used = (of: string): Used => ({ hour: numberIn(items.get(keys.count(of, hour))), day: numberIn(items.get(keys.count(of, day))) });
  const stop = items.get(keys.stop);
  const breaker = items.get(keys.breaker(rule));
  const hold = items.get(keys.hold(rule, resource));
  const ask = items.get(keys.ask(rule, resource));
  const approval = items.get(keys.approval(remediation));
  return {
    ...(stop && { stop: attributionIn(stop) }),
    ...(breaker?.opened !== undefined && { open: { at: String(breaker.opened), why: String(breaker.why) } }),
    ...(hold && { hold: { ...attributionIn(hold), until: String(hold.until) } }),
    ...(ask && {
      ask: { remediation: String(ask.remediation), hash: String(ask.hash), at: String(ask.at), expires: String(ask.expires) },
    }),
    ...(approval && { approval: { ...attributionIn(approval), hash: String(approval.hash), expires: String(approval.expires) } }),
    fixes: fixTimes(items.get(keys.fixes(rule, resource))),
    failures: Number(breaker?.failures ?? 0),
    used: { all: used('all'), rule: used(`rule ${rule}`), account: used(`account ${account}`) },
  };
}

/** Milliseconds before the next attempt for keys that DynamoDB did not process. */
const pauses = [20, 40, 80, 160, 320, 640, 1000];

/** The existing items of these keys. */
async function getAll(client: DynamoDBClient, table: string, wanted: readonly string[], clock: Clock): Promise<ReadonlyMap<string, Item>> {
  const items = new Map<string, Item>();
  let left: Record<string, AttributeValue>[] = wanted.map((key) => ({ key: { S: key } }));
  await poll(getSome, () => left.length === 0, { clock, pauses, jitter: true });
  // An unread key must not be treated as absent.
  if (left.length > 0) throw new Error(`DynamoDB did not return ${left.length} of ${wanted.length} keys of the table ${table}.`);
  return items;

  async function getSome(): Promise<void> {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
    );
    for (const item of Responses?.[table] ?? []) items.set(item.key?.S ?? '', unmarshall(item));
    left = UnprocessedKeys?.[table]?.Keys ?? [];
  }
}

const attributionIn = ({ by, at, why }: Item): Attribution => ({ by: String(by), at: String(at), why: String(why) });

const numberIn = (item: Item | undefined): number => Number(item?.used ?? 0);

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import type { Attribution, RecordedState, Used } from '../decision/facts';
import type { Cap } from '../policy/caps';
import type { Policy } from '../policy/policy';
import { closingsIn, openBreakersIn } from './breaker-state';
import { containmentsIn } from './containment';
import { fixesIn } from './fixes';
import { getItems, type Item, type ReadItems } from './get-items';
import { keys, orderKeys, periodsOf } from './keys';
import { stopIn, stopKeysFor } from './stop';
import type { CoordinationTables } from './tables';

/** The subject of the recorded state. */
export interface About {
  readonly rule: string;
  /** Whether the rule is a response to threats. */
  readonly response: true | undefined;
  readonly account: string;
  /** The key of its lease. */
  readonly resource: string;
  /** The remediation that an approval may be for. */
  readonly remediation: string;
  /** The phase of the remediation whose permit is read. */
  readonly phase?: number | undefined;
  /** Only the counters under one of these limits are read, as nothing else depends on one; left out, all are. */
  readonly limits?: Pick<Policy['limits'], CountedFor>;
  /** What is counted under which caps. */
  readonly caps?: readonly Pick<Cap, 'of'>[] | undefined;
}

type CountedFor = 'all' | 'rule' | 'account';

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
  /** The fixes with the names of their attributes, the oldest first. */
  readonly namedFixes: readonly (readonly [name: string, at: string])[];
  /** Consecutive failures of the rule in the account. */
  readonly failures: number;
}

/** Reads the recorded state, in one call and strongly consistent. */
export async function readRecordedState(
  client: DynamoDBClient,
  tables: CoordinationTables,
  about: About,
  clock: Clock,
  readItems: ReadItems = (wanted) => getItems(client, wanted, clock),
): Promise<CoordinationRecord> {
  const { rule, response, account, resource, remediation, phase, limits, caps = [] } = about;
  const names = { all: 'all', rule: `rule ${rule}`, account: `account ${account}` } as const;
  const periods = periodsOf(clock.now());
  const counterOf = (sort: CountedFor, period: 'hour' | 'day') => keys.count(names[sort], periods[period]);
  const counters = (['all', 'rule', 'account'] as const).flatMap((sort) =>
    (['hour', 'day'] as const).flatMap((period) => (limits && limits[sort][period] === undefined ? [] : [counterOf(sort, period)])),
  );
  const read = await readItems({
    [tables.orders]: [
      ...stopKeysFor({ response }),
      orderKeys.breaker(rule),
      orderKeys.breaker(rule, account),
      orderKeys.hold(rule, resource),
      orderKeys.approval(rule, remediation),
    ],
    [tables.coordination]: [
      keys.breaker(rule),
      keys.breaker(rule, account),
      keys.fixes(rule, resource),
      keys.ask(rule, resource),
      keys.contained(resource),
      ...(phase === undefined ? [] : [keys.permit(rule, remediation, phase)]),
      ...counters,
      ...caps.map(({ of }) => keys.cap(of, periods.hour)),
    ],
  });
  const orders = read[tables.orders] ?? new Map<string, Item>();
  const coordination = read[tables.coordination] ?? new Map<string, Item>();
  const used = (sort: CountedFor): Used => ({
    hour: numberIn(coordination.get(counterOf(sort, 'hour'))),
    day: numberIn(coordination.get(counterOf(sort, 'day'))),
  });
  const stop = stopIn(orders, { response });
  const hold = orders.get(orderKeys.hold(rule, resource));
  const approval = orders.get(orderKeys.approval(rule, remediation));
  const ask = coordination.get(keys.ask(rule, resource));
  const failing = coordination.get(keys.breaker(rule, account));
  const permit = phase === undefined ? undefined : coordination.get(keys.permit(rule, remediation, phase));
  const [open] = openBreakersIn({ orders, coordination }, rule, account);
  const fixes = fixesIn(coordination.get(keys.fixes(rule, resource)));
  const contained = containmentsIn(coordination.get(keys.contained(resource)), clock.now());
  const isSince = String(failing?.closed ?? '') >= closingsIn(orders, rule, account).account;
  return {
    ...(stop && { stop }),
    ...(open && { open }),
    ...(hold && { hold: { ...attributionIn(hold), until: String(hold.until) } }),
    ...(ask && {
      ask: { remediation: String(ask.remediation), hash: String(ask.hash), at: String(ask.at), expires: String(ask.expires) },
    }),
    ...(approval && { approval: { ...attributionIn(approval), hash: String(approval.hash), expires: String(approval.expires) } }),
    ...(permit && { counted: true }),
    ...(contained.length > 0 && { contained }),
    ...(caps.length > 0 && {
      capped: Object.fromEntries(caps.map(({ of }) => [of, membersIn(coordination.get(keys.cap(of, periods.hour)))])),
    }),
    fixes: fixes.map(([, at]) => at),
    namedFixes: fixes,
    failures: isSince ? Number(failing?.failures ?? 0) : 0,
    used: { all: used('all'), rule: used('rule'), account: used('account') },
  };
}

const attributionIn = ({ by, at, why }: Item): Attribution => ({ by: String(by), at: String(at), why: String(why) });

const membersIn = (item: Item | undefined): readonly string[] => (item?.members instanceof Set ? [...item.members].map(String) : []);

const numberIn = (item: Item | undefined): number => Number(item?.used ?? 0);

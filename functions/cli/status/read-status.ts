import { loadRules } from '../../catalogue/catalogue';
import type { Clock } from '../../clock';
import { type ListedBreaker, listOpenBreakers } from '../../coordination/breaker-order';
import { listContainments } from '../../coordination/containment';
import { listDrills, type RecordedDrill } from '../../coordination/drill';
import { getRouteCheck, type RouteCheck } from '../../coordination/route-check';
import { getSealed, type Sealed } from '../../coordination/sealed';
import type { Stops } from '../../coordination/stop';
import type { Attribution } from '../../decision/facts';
import { countModes, type ModeCounts } from '../../decision/rule-modes';
import type { Caller } from '../central/caller';
import type { DeployedTables } from '../central/deployed-tables';
import { sentence } from '../failure';
import { type Contained, containedNow } from '../order/contained';
import { type Listed, listOpen } from '../order/list-open';
import { type AlarmOn, alarmsOn } from './alarms';
import { type DeadLetters, deadLetters } from './dead-letters';
import { type Deadlines, deadlinesNow, noDeadlines } from './deadlines';
import { type Deferred, deferredNow } from './deferred';
import { type Failures, failedLately } from './failed';
import { findPublication, isOf, type PolicyStatus, readOrders } from './policy-status';
import { type Waiting, waitingPlans } from './waiting';

/** How the remediator stands. What could not be read is undefined, and in `unread`. */
export interface Status {
  /** ISO 8601. */
  readonly at: string;
  readonly account: string;
  readonly region: string;
  /** Who stopped all changes; null if not all are stopped. */
  readonly stop?: Attribution | null;
  /** Who stopped the changes of settings, or responses, alone. */
  readonly stops?: Omit<Stops, 'all'>;
  readonly policy?: PolicyStatus;
  /** The rules by their mode. */
  readonly modes?: ModeCounts;
  readonly breakers?: readonly ListedBreaker[];
  /** The last drill of each response in each account, without its checks. */
  readonly drills?: readonly Drilled[];
  /** What responses contain. */
  readonly contained?: readonly Contained[];
  readonly approvals?: Waiting;
  readonly open?: { readonly listed: readonly Listed[]; readonly isMore: boolean };
  readonly deadlines?: Deadlines;
  readonly deferred?: Deferred;
  readonly failed?: Failures;
  readonly deadLetters?: DeadLetters;
  /** What the last check of the routes found; null if there was none yet. */
  readonly routes?: RouteCheck | null;
  /** The newest seal of the archive, and when the archive was last looked at; null if it was not yet. */
  readonly seals?: Sealed | null;
  /** The alarms that are on. */
  readonly alarms?: readonly AlarmOn[];
  readonly unread: readonly { readonly what: string; readonly why: string }[];
}

/** The last drill of a response in an account. */
type Drilled = Omit<RecordedDrill, 'checks'>;

/** The maximum number of open remediations that are read. */
const maxOpen = 500;

/** Reads the status with a bounded number of requests. A part that can't be read leaves the others as they are. */
export async function readStatus(caller: Caller, tables: DeployedTables, clock: Clock): Promise<Status> {
  const now = clock.now();
  const rules = loadRules().map(({ rule }) => rule);
  const unread: Status['unread'][number][] = [];
  const part = async <Part>(what: string, reading: Promise<Part>): Promise<Part | undefined> => {
    try {
      return await reading;
    } catch (error) {
      unread.push({ what, why: sentence(error) });
      return undefined;
    }
  };
  const orders = await part('the stop and the policy', readOrders(tables, clock));
  const policy = orders?.inForce;
  const { all, ...alone } = orders?.stops ?? {};
  const ids = rules.map(({ id }) => id);
  const [published, breakers, drills, contained, approvals, open, deadlines, deferred, failed, queues, alarms, routes, seals] =
    await Promise.all([
      part('who published the policy', findPublication(tables)),
      part('the circuit breakers', listOpenBreakers(tables.dynamo, tables, ids, clock)),
      part('the drills', drillsOf(tables, clock)),
      part('what is contained', listContainments(tables.dynamo, tables.coordination, clock)),
      part('the approvals', waitingPlans(tables, rules, { policy, clock })),
      part('the open remediations', listOpen(tables, maxOpen)),
      // A policy that can't be read may have deadlines.
      part('the deadlines', policy?.deadlines.length === 0 ? Promise.resolve(noDeadlines) : deadlinesNow(tables, clock)),
      part('what is deferred', deferredNow(tables, now)),
      part('what failed', failedLately(tables, now)),
      part('the dead-letter queues', deadLetters(caller)),
      part('the alarms', alarmsOn(caller)),
      part(
        'the routes',
        getRouteCheck(tables.dynamo, tables.coordination, clock).then((check) => check ?? null),
      ),
      part(
        'the seals',
        getSealed(tables.dynamo, tables.coordination, clock).then((sealed) => sealed ?? null),
      ),
    ]);
  return {
    at: now.toISOString(),
    account: caller.account,
    region: caller.region,
    ...known({
      stop: orders && (all ?? null),
      stops: orders && alone,
      policy: orders && { ...orders.policy, ...(published && isOf(published, orders.policy) && { published }) },
      modes: policy && countModes(rules, policy),
      ...{ breakers, drills, contained: contained && containedNow(contained, now) },
      ...{ approvals, open, deadlines, deferred, failed, deadLetters: queues, routes, seals, alarms },
    }),
    unread: unread.toSorted((a, b) => a.what.localeCompare(b.what)),
  };
}

async function drillsOf({ dynamo, coordination }: DeployedTables, clock: Clock): Promise<readonly Drilled[]> {
  const drills = await listDrills(dynamo, coordination, clock);
  return drills.map(({ checks: _, ...drilled }) => drilled);
}

/** The parts that were read. */
const known = <Parts extends object>(parts: Parts) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof Parts]?: Exclude<Parts[Name], undefined>;
  };

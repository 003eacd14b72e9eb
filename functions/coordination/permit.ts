import {
  type CancellationReason,
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import { forgetFix } from './fixes';
import { keys, periodsOf } from './keys';
import { countedParts, movedParts, type Part, type Permit } from './permit-parts';
import type { Denial, PermitRequest } from './permit-request';
import type { CoordinationTables } from './tables';

/** The plan of a phase of a remediation. */
export interface PermittedPlan {
  readonly rule: string;
  readonly remediation: string;
  readonly phase: number;
  /** SHA-256. */
  readonly plan: string;
}

/** A phase of a remediation that has no plan in effect. */
export interface Unplanned extends Omit<PermittedPlan, 'plan'> {
  /** The key of the lease on the resource. */
  readonly resource: string;
}

/**
 * Takes the permit for the changes of one phase of a remediation, atomically and once: checks the approval, removes the pending plan, records
 * the remediation as open, and counts the changes exactly under every limit. Repeating it after the same checks moves the permit to the present
 * plan. That is counted again only in another hour, and only if no change of an earlier plan is in effect.
 */
export async function takePermit(
  client: DynamoDBClient,
  tables: CoordinationTables,
  request: PermitRequest,
  clock: Clock,
): Promise<'granted' | Denial> {
  const now = clock.now();
  const { about, phase } = request;
  const denial = await send(client, countedParts(tables, request, now), clock);
  if (denial !== 'taken') return denial ?? 'granted';
  const before = await readPermit(client, tables, { ...about, phase });
  if (before === undefined) return 'busy';
  const periods = periodsOf(now);
  const anew = request.continues ? [] : (['hour', 'day'] as const).filter((period) => !before.at.startsWith(periods[period]));
  const moved = await send(client, movedParts(tables, request, { now, before, anew }), clock);
  return moved === 'taken' ? 'busy' : (moved ?? 'granted');
}

async function send(client: DynamoDBClient, parts: readonly Part[], clock: Clock): Promise<Part['denial'] | undefined> {
  try {
    await retryContention(() => client.send(new TransactWriteItemsCommand({ TransactItems: parts.map(itemOf) })), clock);
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return denialIn(error.CancellationReasons ?? [], parts);
  }
}

const itemOf = ({ item }: Part): TransactWriteItem => item;

const order: readonly Part['denial'][] = ['not-approved', 'taken', 'limit'];

/** The denial from the failed conditions; `busy` if there was only contention. */
function denialIn(reasons: readonly CancellationReason[], parts: readonly Part[]): Part['denial'] {
  const denials = reasons.flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [parts[index]?.denial] : []));
  return order.find((denial) => denials.includes(denial)) ?? 'busy';
}

/** The worker died between the permit and the plan: that is no fix, which others could have changed back. */
export async function forgetUnplanned(
  client: DynamoDBClient,
  tables: CoordinationTables,
  { resource, ...about }: Unplanned,
): Promise<void> {
  const permit = await readPermit(client, tables, about);
  if (permit) await forgetFix(client, tables.coordination, { ...about, resource, plan: permit.plan });
}

/** Whether that plan has the permit of its phase. */
export async function hasPermit(client: DynamoDBClient, tables: CoordinationTables, { plan, ...about }: PermittedPlan): Promise<boolean> {
  return (await readPermit(client, tables, about))?.plan === plan;
}

async function readPermit(
  client: DynamoDBClient,
  { coordination }: CoordinationTables,
  { rule, remediation, phase }: Omit<PermittedPlan, 'plan'>,
): Promise<Permit | undefined> {
  const Key = { key: { S: keys.permit(rule, remediation, phase) } };
  const { Item } = await client.send(new GetItemCommand({ TableName: coordination, Key, ConsistentRead: true }));
  return Item && { plan: Item.plan?.S ?? '', at: Item.at?.S ?? '' };
}

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
import { readClosings } from './breaker';
import type { Closings } from './breaker-state';
import { keys } from './keys';
import { countedParts, movedParts, type Part } from './permit-parts';
import type { Denial, Permission, PermitRequest } from './permit-request';
import type { CoordinationTables } from './tables';

/** The plan of a phase of a remediation. */
export interface PermittedPlan {
  readonly rule: string;
  readonly remediation: string;
  readonly phase: number;
  /** SHA-256. */
  readonly plan: string;
}

/**
 * Takes the permit for the changes of one phase of a remediation, atomically and once: checks the stop, the breakers and the approval, removes
 * the pending plan, records the remediation as open, and counts the changes exactly under every limit. Repeating it has no effect. If the plan has changed since, the permit is
 * moved to the new plan after the same checks, and is not counted again.
 */
export async function takePermit(
  client: DynamoDBClient,
  tables: CoordinationTables,
  request: PermitRequest,
  clock: Clock,
): Promise<Permission | Denial> {
  const now = clock.now();
  const { about, phase, plan } = request;
  const denial = await transact((closings) => countedParts(tables, request, { now, closings }));
  if (denial !== 'taken') return denial ?? 'granted';
  const before = await readPermit(client, tables, { ...about, phase });
  if (before === plan) return 'granted-before';
  if (before === undefined) return 'busy';
  const moved = await transact((closings) => movedParts(tables, request, { now, closings, before }));
  return moved === 'taken' ? 'busy' : (moved ?? 'granted');

  async function transact(partsFor: (closings?: Closings) => readonly Part[]): Promise<Part['denial'] | undefined> {
    const denial = await send(client, partsFor(), clock);
    if (denial !== 'breaker-open') return denial;
    // A breaker that an approver has closed since is reset by the permit itself: only rules write their counts.
    const closings = await readClosings(client, tables.orders, about, clock);
    return closings.account === '' ? denial : send(client, partsFor(closings), clock);
  }
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

const order: readonly Part['denial'][] = ['stopped', 'breaker-open', 'not-approved', 'taken', 'limit'];

/** The denial from the failed conditions; `busy` if there was only contention. */
function denialIn(reasons: readonly CancellationReason[], parts: readonly Part[]): Part['denial'] {
  const denials = reasons.flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [parts[index]?.denial] : []));
  return order.find((denial) => denials.includes(denial)) ?? 'busy';
}

/** Whether that plan has the permit of its phase. */
export async function hasPermit(client: DynamoDBClient, tables: CoordinationTables, { plan, ...about }: PermittedPlan): Promise<boolean> {
  return (await readPermit(client, tables, about)) === plan;
}

async function readPermit(
  client: DynamoDBClient,
  { coordination }: CoordinationTables,
  { rule, remediation, phase }: Omit<PermittedPlan, 'plan'>,
): Promise<string | undefined> {
  const Key = { key: { S: keys.permit(rule, remediation, phase) } };
  const { Item } = await client.send(new GetItemCommand({ TableName: coordination, Key, ConsistentRead: true }));
  return Item?.plan?.S;
}

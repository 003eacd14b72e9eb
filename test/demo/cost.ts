import type { LogEvent } from '../../functions/log/event';
import { allIndexes } from '../../functions/log/indexes';
import { itemOf } from '../../functions/log/item';
import { trailKey } from '../../functions/log/trail';
import type { Call } from '../emulator/gateway';
import { logWrites } from './calls';
import type { Delivery } from './pass';

/** On-demand prices in US dollars of us-east-1 in autumn 2026, without free tiers. A look at AWS's price lists tells if they still hold. */
export const prices = {
  lambdaRequest: 0.2 / 1e6,
  /** A GB-second on arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  dynamoWriteUnit: 0.625 / 1e6,
  dynamoReadUnit: 0.125 / 1e6,
  /** A gigabyte of logs taken in. */
  logsGigabyte: 0.5,
  /** A trace recorded; every invocation is traced. */
  trace: 5 / 1e6,
  /** A configuration that AppConfig hands out: once a fresh process, and when the policy changes. */
  configuration: 0.0008,
} as const;

/** What can't be counted here is assumed, rather too high than too low. */
export const assumptions = {
  /** Bytes that an invocation writes to CloudWatch Logs. */
  loggedBytes: 4000,
  /** Each log event is written to the table and to each index that it has the key of; all of them taken. */
  copies: 1 + allIndexes.length,
  /** DynamoDB counts a write in a transaction twice. */
  transaction: 2,
} as const;

/** US dollars of one delivery: Lambda, DynamoDB, logs, traces. Events of AWS services, STS, Security Hub's and Config's APIs cost nothing. */
export function costOf({ calls, milliseconds, events }: Delivery, memory: number, logTable: string): number {
  const dynamo = calls.own.filter(({ service }) => service === 'dynamodb');
  const reads = dynamo.reduce((sum, call) => sum + readsOf(call), 0);
  const leases = dynamo.reduce((sum, call) => sum + coordinationUnits(call, logTable), 0);
  const share = events.length === 0 ? 0 : logWrites(calls, logTable) / events.length;
  const logUnits = events.map(writeUnits).reduce((sum, units) => sum + units, 0) * share * assumptions.copies * assumptions.transaction;
  return (
    prices.lambdaRequest +
    (milliseconds / 1000) * (memory / 1024) * prices.lambdaGigabyteSecond +
    (leases + logUnits) * prices.dynamoWriteUnit +
    reads * prices.dynamoReadUnit +
    (assumptions.loggedBytes / 1e9) * prices.logsGigabyte +
    prices.trace +
    calls.own.filter(({ operation }) => operation === 'StartConfigurationSession').length * prices.configuration
  );
}

/** Each item that is asked for; all are small. */
function readsOf({ operation, input }: Call): number {
  if (operation !== 'BatchGetItem') return operation === 'Query' || operation === 'GetItem' ? 1 : 0;
  return Object.values(input.RequestItems as Readonly<Record<string, { readonly Keys: readonly unknown[] }>>).flatMap(({ Keys }) => Keys)
    .length;
}

/** Of leases and permits, whose items are small; what a transaction only looks at is counted like a write. */
function coordinationUnits({ operation, input }: Call, logTable: string): number {
  if (['UpdateItem', 'PutItem', 'DeleteItem'].includes(operation)) return input.TableName === logTable ? 0 : 1;
  const items = (input.TransactItems ?? []) as readonly Readonly<Record<string, { readonly TableName?: string }>>[];
  const own = items.flatMap((item) => Object.values(item)).filter(({ TableName }) => TableName !== logTable);
  return own.length * assumptions.transaction;
}

/** One for each begun kilobyte. */
const writeUnits = (event: LogEvent): number =>
  Math.ceil(Buffer.byteLength(JSON.stringify(itemOf(event, trailKey({ by: 'rule', ...event })))) / 1024);

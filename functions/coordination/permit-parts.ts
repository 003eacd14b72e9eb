import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Closings } from './breaker-state';
import { fixName } from './fixes';
import { daysOfCount, forgetAt, keys, orderKeys, periodsOf } from './keys';
import { putOf } from './open-remediation';
import type { Denial, PermitRequest } from './permit-request';
import type { CoordinationTables } from './tables';

/** A part of the transaction of a permit, and the denial if its condition fails. */
export interface Part {
  readonly item: TransactWriteItem;
  readonly denial: Denial | 'taken';
}

type Period = 'hour' | 'day';

interface Occasion {
  readonly now: Date;
  /** When the breakers were closed, if that was read. */
  readonly closings: Closings | undefined;
}

const keyOf = (value: string) => ({ key: { S: value } });
const days = { permit: 400, closed: 30 } as const;

/** The parts that grant a new permit and count it. */
export function countedParts(tables: CoordinationTables, request: PermitRequest, occasion: Occasion): readonly Part[] {
  const { about, phase, plan } = request;
  const { now } = occasion;
  return [
    {
      denial: 'taken',
      item: {
        Put: {
          TableName: tables.coordination,
          Item: {
            ...keyOf(keys.permit(about.rule, about.remediation, phase)),
            plan: { S: plan },
            at: { S: now.toISOString() },
            forget: { N: String(forgetAt(now, days.permit)) },
          },
          ConditionExpression: 'attribute_not_exists(forget)',
        },
      },
    },
    ...checks(tables, request, occasion),
    fixPart(tables, request, now),
    ...counts(tables, request, now, ['hour', 'day']),
    openPart(tables, request),
  ];
}

/** From here on, the remediation is open. */
const openPart = ({ coordination }: CoordinationTables, { open }: PermitRequest): Part => ({
  denial: 'busy',
  item: { Put: putOf(coordination, open) },
});

/** Remembers the fix with the resource, in place of the one by the plan before, if there was one. */
function fixPart(tables: CoordinationTables, { about, plan, remember }: PermitRequest, now: Date, before?: string): Part {
  const { remediation } = about;
  const replaced = before === plan ? undefined : before;
  return {
    denial: 'busy',
    item: {
      Update: {
        TableName: tables.coordination,
        Key: keyOf(keys.fixes(about.rule, about.resource)),
        UpdateExpression: `SET #fix = :time, forget = :forget${replaced === undefined ? '' : ' REMOVE #before'}`,
        ExpressionAttributeNames: {
          '#fix': fixName({ remediation, plan }),
          ...(replaced !== undefined && { '#before': fixName({ remediation, plan: replaced }) }),
        },
        ExpressionAttributeValues: { ':time': { S: now.toISOString() }, ':forget': { N: String(forgetAt(now, remember)) } },
      },
    },
  };
}

/** What a permit is for, and when it was counted; ISO 8601. */
export interface Permit {
  readonly plan: string;
  readonly at: string;
}

interface Move extends Occasion {
  readonly before: Permit;
  /** In which periods it is counted again. */
  readonly anew: readonly Period[];
}

/** The parts that move a counted permit to the plan of the request. */
export function movedParts(tables: CoordinationTables, request: PermitRequest, occasion: Move): readonly Part[] {
  const { about, phase, plan } = request;
  const { now, before, anew } = occasion;
  return [
    {
      denial: 'taken',
      item: {
        Update: {
          TableName: tables.coordination,
          Key: keyOf(keys.permit(about.rule, about.remediation, phase)),
          ConditionExpression: '#plan = :before AND #at = :at',
          UpdateExpression: 'SET #plan = :plan, #at = :counted',
          ExpressionAttributeNames: { '#plan': 'plan', '#at': 'at' },
          ExpressionAttributeValues: {
            ':before': { S: before.plan },
            ':at': { S: before.at },
            ':plan': { S: plan },
            ':counted': { S: anew.length > 0 ? now.toISOString() : before.at },
          },
        },
      },
    },
    ...checks(tables, request, occasion),
    fixPart(tables, request, now, before.plan),
    ...counts(tables, request, now, anew),
    openPart(tables, request),
  ];
}

/** The stop, the breakers and, where the decision depends on it, the approval of this plan. */
function checks(tables: CoordinationTables, { about, plan, approved }: PermitRequest, { now, closings }: Occasion): readonly Part[] {
  const { rule, account, resource, remediation } = about;
  const parts: Part[] = [
    {
      denial: 'stopped',
      item: { ConditionCheck: { TableName: tables.orders, Key: keyOf(orderKeys.stop), ConditionExpression: 'attribute_not_exists(why)' } },
    },
    { denial: 'breaker-open', item: { ConditionCheck: { TableName: tables.orders, ...notOpened(orderKeys.breaker(rule)) } } },
    breakerPart(tables, keys.breaker(rule), { now, closed: closings?.all }),
    breakerPart(tables, keys.breaker(rule, account), { now, closed: closings?.account }),
  ];
  if (!approved) return parts;
  return [
    ...parts,
    { denial: 'busy', item: { Delete: { TableName: tables.coordination, Key: keyOf(keys.ask(rule, resource)) } } },
    {
      denial: 'not-approved',
      item: {
        ConditionCheck: {
          TableName: tables.orders,
          Key: keyOf(orderKeys.approval(rule, remediation)),
          ConditionExpression: '#hash = :hash AND expires > :now',
          ExpressionAttributeNames: { '#hash': 'hash' },
          ExpressionAttributeValues: { ':hash': { S: plan }, ':now': { S: now.toISOString() } },
        },
      },
    },
  ];
}

const notOpened = (key: string) => ({ Key: keyOf(key), ConditionExpression: 'attribute_not_exists(opened)' });

/** The check of a breaker; if it opened before it was closed, it is reset. */
function breakerPart(
  { coordination: TableName }: CoordinationTables,
  key: string,
  { now, closed = '' }: { readonly now: Date; readonly closed: string | undefined },
): Part {
  if (closed === '') return { denial: 'breaker-open', item: { ConditionCheck: { TableName, ...notOpened(key) } } };
  return {
    denial: 'breaker-open',
    item: {
      Update: {
        TableName,
        Key: keyOf(key),
        ConditionExpression: 'attribute_not_exists(opened) OR opened <= :closed',
        ...reset,
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':closed': { S: closed }, ':forget': { N: String(forgetAt(now, days.closed)) } },
      },
    },
  };
}

/** Resets a breaker that was closed at that time. */
const reset = { UpdateExpression: 'SET closed = :closed, forget = :forget REMOVE opened, why, failures, #open, since' } as const;

function counts(
  { coordination: TableName }: CoordinationTables,
  { about, limits, approved }: PermitRequest,
  now: Date,
  counted: readonly Period[],
): readonly Part[] {
  const { rule, account } = about;
  const names = { all: 'all', rule: `rule ${rule}`, account: `account ${account}` } as const;
  const periods = counted.map((period) => [period, periodsOf(now)[period]] as const);
  return (['all', 'rule', 'account'] as const).flatMap((sort) =>
    periods.map(([period, text]): Part => {
      const max = approved && limits.beyond === 'ask' ? undefined : limits[sort][period];
      return {
        denial: 'limit',
        item: {
          Update: {
            TableName,
            Key: keyOf(keys.count(names[sort], text)),
            UpdateExpression: 'SET forget = :forget ADD used :one',
            ...(max !== undefined && { ConditionExpression: max > 0 ? 'attribute_not_exists(used) OR used < :max' : 'used < :max' }),
            ExpressionAttributeValues: {
              ':one': { N: '1' },
              ':forget': { N: String(forgetAt(now, daysOfCount[period])) },
              ...(max !== undefined && { ':max': { N: String(max) } }),
            },
          },
        },
      };
    }),
  );
}

import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { containing } from './containment';
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

const keyOf = (value: string) => ({ key: { S: value } });
const daysOfPermit = 400;
const daysOfCap = 2;

/** The parts that grant a new permit and count it. */
export function countedParts(tables: CoordinationTables, request: PermitRequest, now: Date): readonly Part[] {
  const { about, phase, plan } = request;
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
            forget: { N: String(forgetAt(now, daysOfPermit)) },
          },
          ConditionExpression: 'attribute_not_exists(forget)',
        },
      },
    },
    ...approvalParts(tables, request, now),
    fixPart(tables, request, now),
    ...counts(tables, request, now, ['hour', 'day']),
    ...capParts(tables, request, now),
    ...openParts(tables, request),
  ];
}

/** From here on, the remediation is open; and if it is of a response, the resource is contained. */
const openParts = ({ coordination }: CoordinationTables, { open, contains }: PermitRequest): readonly Part[] => [
  { denial: 'busy', item: { Put: putOf(coordination, open) } },
  ...(contains ? [{ denial: 'busy' as const, item: { Update: containing(coordination, open.resource, contains) } }] : []),
];

/** The limit of an expression is 4 KB. */
const maxRemoved = 50;

/** Remembers the fix with the resource, in place of the one by the plan before, if there was one. */
function fixPart(tables: CoordinationTables, { about, plan, remember, past }: PermitRequest, now: Date, before?: string): Part {
  const { remediation } = about;
  const replaced = before === undefined || before === plan ? [] : [fixName({ remediation, plan: before })];
  const removed = [...replaced, ...past.slice(0, maxRemoved)];
  return {
    denial: 'busy',
    item: {
      Update: {
        TableName: tables.coordination,
        Key: keyOf(keys.fixes(about.rule, about.resource)),
        UpdateExpression: `SET #fix = :time, forget = :forget${removed.length === 0 ? '' : ` REMOVE ${removed.map((_, index) => `#${index}`).join(', ')}`}`,
        ExpressionAttributeNames: {
          '#fix': fixName({ remediation, plan }),
          ...Object.fromEntries(removed.map((name, index) => [`#${index}`, name])),
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

interface Move {
  readonly now: Date;
  readonly before: Permit;
  /** In which periods it is counted again. */
  readonly anew: readonly Period[];
}

/** The parts that move a counted permit to the plan of the request. */
export function movedParts(tables: CoordinationTables, request: PermitRequest, { now, before, anew }: Move): readonly Part[] {
  const { about, phase, plan } = request;
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
    ...approvalParts(tables, request, now),
    fixPart(tables, request, now, before.plan),
    ...counts(tables, request, now, anew),
    ...(anew.includes('hour') ? capParts(tables, request, now) : []),
    ...openParts(tables, request),
  ];
}

/** Where the decision depends on an approval: that it is of this plan. */
function approvalParts(tables: CoordinationTables, { about, plan, approved }: PermitRequest, now: Date): readonly Part[] {
  const { rule, resource, remediation } = about;
  if (!approved) return [];
  return [
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

/** Each resource counts once an hour, whichever responses contain it. */
const capParts = ({ coordination }: CoordinationTables, { caps = [], approved }: PermitRequest, now: Date): readonly Part[] =>
  caps.map(({ of, max, member }) => ({
    denial: 'limit',
    item: {
      Update: {
        TableName: coordination,
        Key: keyOf(keys.cap(of, periodsOf(now).hour)),
        UpdateExpression: 'SET forget = :forget ADD #members :members',
        ...(!approved && {
          ConditionExpression:
            max > 0
              ? 'attribute_not_exists(#members) OR contains(#members, :member) OR size(#members) < :max'
              : 'attribute_exists(#members) AND contains(#members, :member)',
        }),
        ExpressionAttributeNames: { '#members': 'members' },
        ExpressionAttributeValues: {
          ':members': { SS: [member] },
          ':forget': { N: String(forgetAt(now, daysOfCap)) },
          ...(!approved && { ':member': { S: member } }),
          ...(!approved && max > 0 && { ':max': { N: String(max) } }),
        },
      },
    },
  }));

/** Counts where there is a limit; and in the hour also where there is one of the day, and always for the rule: the hourly check compares hours. */
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
    periods.flatMap(([period, text]): readonly Part[] => {
      const limit = limits[sort][period];
      if (limit === undefined && !(period === 'hour' && (sort === 'rule' || limits[sort].day !== undefined))) return [];
      const max = approved && limits.beyond === 'ask' ? undefined : limit;
      return [
        {
          denial: 'limit',
          item: {
            Update: {
              TableName,
              Key: keyOf(keys.count(names[sort], text)),
              UpdateExpression: 'SET forget = :forget ADD used :one',
              ...(max !== undefined && { ConditionExpression: max > 0 ? 'attribute_not_exists(used) OR used < :max' : 'used < :max' }),
              ExpressionAttributeValues: {
                ':one': { N: '1' },
                ':forget': { N: String(forgetAt(now, daysOfCount)) },
                ...(max !== undefined && { ':max': { N: String(max) } }),
              },
            },
          },
        },
      ];
    }),
  );
}

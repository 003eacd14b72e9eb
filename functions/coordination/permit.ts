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
import type { Policy } from '../policy/policy';
import { fixName } from './fixes';
import { forgetAt, keys, periodsOf } from './keys';
import type { About } from './recorded-state';

/** Why a decided change may not be made: the state has changed since it was read. */
export type Denial = 'stopped' | 'breaker-open' | 'not-approved' | 'limit' | 'busy';

export interface PermitRequest {
  readonly about: About;
  /** How many plans of the remediation ended before, from 1. */
  readonly phase: number;
  /** The limits; with `beyond: ask`, an approval overrides them. */
  readonly limits: Policy['limits'];
  /** SHA-256 of the plan: a remediation gets one permit for each plan. */
  readonly plan: string;
  /** Whether the decision depends on an approval of the plan. */
  readonly approved: boolean;
  /** How many days the fixes of a resource are recorded. */
  readonly remember: number;
}

/**
 * Takes the permit for the changes of one remediation, atomically and once: checks the stop, the breaker and the approval, removes the pending
 * plan, and counts the changes exactly under every limit. Repeating it has no effect. Undefined: granted.
 */
export async function takePermit(client: DynamoDBClient, table: string, request: PermitRequest, clock: Clock): Promise<Denial | undefined> {
  const parts = partsOf(table, request, clock.now());
  try {
    await retryContention(() => client.send(new TransactWriteItemsCommand({ TransactItems: parts.map(({ item }) => item) })), clock);
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const denial = denialIn(error.CancellationReasons ?? [], parts);
    return denial === 'taken' ? undefined : denial;
  }
}

/** The plan of a phase of a remediation. */
export interface PermittedPlan {
  readonly rule: string;
  readonly remediation: string;
  readonly phase: number;
  /** SHA-256. */
  readonly plan: string;
}

/** Whether that plan has the permit of its phase. */
export async function hasPermit(client: DynamoDBClient, table: string, { rule, remediation, plan }: PermittedPlan): Promise<boolean> {
  const Key = { key: { S: keys.permit(rule, `${remediation} ${plan}`) } };
  return (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item !== undefined;
}

interface Part {
  readonly item: TransactWriteItem;
  readonly denial: Denial | 'taken';
}

function partsOf(TableName: string, { about, limits, plan, approved, remember }: PermitRequest, now: Date): readonly Part[] {
  const { rule, account, resource, remediation } = about;
  const key = (value: string) => ({ key: { S: value } });
  const { hour, day } = periodsOf(now);
  const forget = (days: number) => ({ N: String(forgetAt(now, days)) });

  const counted = (['all', 'rule', 'account'] as const).flatMap((sort) => {
    const of = { all: 'all', rule: `rule ${rule}`, account: `account ${account}` }[sort];
    return (
      [
        ['hour', hour],
        ['day', day],
      ] as const
    ).map(([period, text]): Part => {
      const max = approved && limits.beyond === 'ask' ? undefined : limits[sort][period];
      return {
        denial: 'limit',
        item: {
          Update: {
            TableName,
            Key: key(keys.count(of, text)),
            UpdateExpression: 'SET forget = :forget ADD used :one',
            ...(max !== undefined && { ConditionExpression: max > 0 ? 'attribute_not_exists(used) OR used < :max' : 'used < :max' }),
            ExpressionAttributeValues: {
              ':one': { N: '1' },
              ':forget': forget(2),
              ...(max !== undefined && { ':max': { N: String(max) } }),
            },
          },
        },
      };
    });
  });

  const parts: Part[] = [
    {
      denial: 'taken',
      item: {
        Put: {
          TableName,
          Item: { ...key(keys.permit(rule, `${remediation} ${plan}`)), at: { S: now.toISOString() }, forget: forget(400) },
          ConditionExpression: 'attribute_not_exists(forget)',
        },
      },
    },
    { denial: 'stopped', item: { ConditionCheck: { TableName, Key: key(keys.stop), ConditionExpression: 'attribute_not_exists(why)' } } },
    {
      denial: 'breaker-open',
      item: { ConditionCheck: { TableName, Key: key(keys.breaker(rule)), ConditionExpression: 'attribute_not_exists(opened)' } },
    },
    {
      denial: 'busy',
      item: {
        Update: {
          TableName,
          Key: key(keys.fixes(rule, resource)),
          UpdateExpression: 'SET #fix = :time, forget = :forget',
          ExpressionAttributeNames: { '#fix': fixName({ remediation, plan }) },
          ExpressionAttributeValues: { ':time': { S: now.toISOString() }, ':forget': forget(remember) },
        },
      },
    },
    ...counted,
  ];
  if (!approved) return parts;
  return [
    ...parts,
    { denial: 'busy', item: { Delete: { TableName, Key: key(keys.ask(rule, resource)) } } },
    {
      denial: 'not-approved',
      item: {
        ConditionCheck: {
          TableName,
          Key: key(keys.approval(remediation)),
          ConditionExpression: '#hash = :hash AND expires > :now',
          ExpressionAttributeNames: { '#hash': 'hash' },
          ExpressionAttributeValues: { ':hash': { S: plan }, ':now': { S: now.toISOString() } },
        },
      },
    },
  ];
}

const order: readonly Part['denial'][] = ['stopped', 'breaker-open', 'not-approved', 'taken', 'limit'];

/** The denial from the failed conditions; `busy` if there was only contention. */
function denialIn(reasons: readonly CancellationReason[], parts: readonly Part[]): Part['denial'] {
  const denials = reasons.flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [parts[index]?.denial] : []));
  return order.find((denial) => denials.includes(denial)) ?? 'busy';
}

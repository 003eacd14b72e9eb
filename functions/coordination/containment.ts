import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import { valuesOf } from '../aws/values-of';
import { canonicalJson } from '../canonical-json';
import type { Clock } from '../clock';
import { getItems, type Item, maxKeys } from './get-items';
import { keys, openIndex } from './keys';
import { openItems } from './open-items';

/** A remediation of a response. */
export interface ContainedBy {
  readonly rule: string;
  readonly remediation: string;
}

/** What a response contains, or is about to. Times are in ISO 8601. */
export interface Containment extends ContainedBy {
  /** The ARN. */
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  readonly finding: string;
  readonly detectedBy: string;
  readonly since: string;
  /** When people should have looked at it. */
  readonly review: string;
  /** The ARN of the approver. */
  readonly approvedBy?: string | undefined;
  /** It is announced alone: nothing is contained yet, and nothing is any more after that time. */
  readonly expires?: string | undefined;
}

/** A containment in the record. Of one that can't be read, only the remediation is known. */
export type RecordedContainment = ContainedBy & Partial<Containment>;

const prefix = 'of ';
const nameOf = ({ rule, remediation }: ContainedBy): string => `${rule}/${remediation}`;

/** `lease`: the key of the resource's lease. */
export const containing = (TableName: string, lease: string, containment: Containment) => ({
  TableName,
  Key: { key: { S: keys.contained(lease) } },
  // By `open` and `since`, an index lists it.
  UpdateExpression: 'SET #open = :kind, since = if_not_exists(since, :since), #of = :of ADD #by :by',
  ExpressionAttributeNames: { '#open': 'open', '#by': 'by', '#of': `${prefix}${nameOf(containment)}` },
  ExpressionAttributeValues: {
    ':kind': { S: openIndex.containment },
    ':since': { S: containment.since },
    ':of': { S: canonicalJson(containment) },
    ':by': { SS: [nameOf(containment)] },
  },
});

/** Has workers of other rules leave the resource at their next change. */
export async function announce(
  client: DynamoDBClient,
  table: string,
  lease: string,
  containment: Containment & { readonly expires: string },
  clock: Clock,
): Promise<void> {
  await retryContention(() => client.send(new UpdateItemCommand(containing(table, lease, containment))), clock);
}

/** Other rules may change the resource again, unless another remediation contains it, too. */
export async function endContainment(client: DynamoDBClient, table: string, lease: string, by: ContainedBy, clock: Clock): Promise<void> {
  const Key = { key: { S: keys.contained(lease) } };
  const update = new UpdateItemCommand({
    TableName: table,
    Key,
    ConditionExpression: 'contains(#by, :name)',
    UpdateExpression: 'REMOVE #of DELETE #by :by',
    ExpressionAttributeNames: { '#by': 'by', '#of': `${prefix}${nameOf(by)}` },
    ExpressionAttributeValues: { ':by': { SS: [nameOf(by)] }, ':name': { S: nameOf(by) } },
  });
  const remove = new DeleteItemCommand({
    TableName: table,
    Key,
    // A set without members is no attribute any more.
    ConditionExpression: 'attribute_not_exists(#by)',
    ExpressionAttributeNames: { '#by': 'by' },
  });
  for (const command of [update, remove]) {
    try {
      await retryContention(() => client.send(command as UpdateItemCommand), clock);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/** What contains the resource now, the earliest first. What can't be read contains it. */
export function containmentsIn(item: Item | undefined, now: Date): readonly RecordedContainment[] {
  if (!item) return [];
  const { by } = item;
  const names = by instanceof Set ? [...by].map(String) : [];
  // Another form of the item than ours is not to be taken for none.
  if (by !== undefined && names.length === 0) return [{ rule: 'an unknown response', remediation: 'unknown' }];
  return names
    .map((name) => recorded(name, item[`${prefix}${name}`]))
    .filter(({ expires }) => expires === undefined || !(new Date(expires) <= now))
    .toSorted(bySince);
}

function recorded(name: string, text: unknown): RecordedContainment {
  const [rule = '', remediation = ''] = name.split('/');
  try {
    const read = JSON.parse(String(text)) as unknown;
    const texts = Object.entries(typeof read === 'object' && read !== null ? read : {}).filter(([, value]) => typeof value === 'string');
    return { ...(Object.fromEntries(texts) as Partial<Containment>), rule, remediation };
  } catch {
    return { rule, remediation };
  }
}

/** What contains the resource now. Strongly consistent. */
export async function findContainments(
  client: DynamoDBClient,
  table: string,
  lease: string,
  now: Date,
): Promise<readonly RecordedContainment[]> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { key: { S: keys.contained(lease) } }, ConsistentRead: true }),
  );
  return containmentsIn(Item && valuesOf(Item), now);
}

/** What contains a resource, whose name is that of the lease if the record can't be read. */
export type ListedContainment = RecordedContainment & { readonly resource: string };

/** All that is contained now, without what is only announced, the earliest first. The index says which, and their items say what. */
export async function listContainments(client: DynamoDBClient, table: string, clock: Clock): Promise<readonly ListedContainment[]> {
  const found: string[] = [];
  for await (const { key } of openItems(client, table, { kind: 'containment' })) found.push(key?.S ?? '');
  const listed: ListedContainment[] = [];
  for (let from = 0; from < found.length; from += maxKeys) {
    const { [table]: items = new Map<string, Item>() } = await getItems(client, { [table]: found.slice(from, from + maxKeys) }, clock);
    for (const key of found.slice(from, from + maxKeys)) {
      const [, lease] = /^contained (.+)$/s.exec(key) ?? [];
      const now = lease === undefined ? [] : containmentsIn(items.get(key), clock.now()).filter(({ expires }) => expires === undefined);
      listed.push(...now.map((one) => ({ ...one, resource: one.resource ?? lease ?? '' })));
    }
  }
  return listed.toSorted(bySince);
}

const bySince = (a: RecordedContainment, b: RecordedContainment): number => (a.since ?? '').localeCompare(b.since ?? '');

/** Whether people should have looked at it. Of what can't be read, they should now. */
export const isReviewDue = ({ review }: Pick<ListedContainment, 'review'>, now: Date): boolean => !(new Date(review ?? '') > now);

/** The command that ends it. */
export const releaseCommand = ({ rule, remediation }: ContainedBy): string => `posture rollback ${rule}/${remediation} --deployed`;

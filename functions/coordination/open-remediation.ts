import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import { type RetryMessage, retryMessageShape } from '../findings/retry-message';
import { quote } from '../untrusted-text';
import { keys } from './keys';

/** The remediation of a rule and a resource that has an intent, and is neither verified nor reverted. It does not expire. */
export interface OpenItem {
  readonly rule: string;
  /** The key of the resource's lease. */
  readonly resource: string;
  readonly remediation: string;
  readonly detectedBy: string;
  /** ISO 8601. */
  readonly since: string;
  /** The message that continues it. */
  readonly message: RetryMessage;
  /** When that message is scheduled; ISO 8601. Undefined while a worker is on it. */
  readonly next?: string;
  /** The user whose command line makes it; undefined: the function of the rule. Nobody else can read its trail, and so continue it. */
  readonly user?: string;
}

/** The open remediations: one at most for each rule and resource. */
export interface OpenRemediations {
  /** Whose remediations these are, as in the items; another worker's are found, too, and stay. */
  readonly user?: string | undefined;
  /** Throws an `UnreadableItem` if it can't be read. */
  find(rule: string, resource: string): Promise<OpenItem | undefined>;
  /** Records or updates it. Throws if another remediation is open for the same rule and resource. */
  put(item: OpenItem): Promise<void>;
  /** Another remediation that is open for the same rule and resource stays. */
  remove(item: Pick<OpenItem, 'rule' | 'resource' | 'remediation'>): Promise<void>;
}

/** An item of an open remediation that can't be read, so that nothing can continue it. */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';

  constructor(
    readonly key: string,
    problem: string,
  ) {
    super(`The open remediation in the item ${quote(key)} can't be continued, because ${problem}.`);
  }
}

/** The open remediation of an item: the key says of which rule and resource it is. Throws an `UnreadableItem`. */
export function openItemOf(item: Readonly<Record<string, AttributeValue>>): OpenItem {
  const key = item.key?.S ?? '';
  const [, rule, resource] = /^open (\S+) (.+)$/s.exec(key) ?? [];
  const text = (name: string) => item[name]?.S ?? '';
  if (rule === undefined || resource === undefined) throw new UnreadableItem(key, 'its key names no rule and resource');
  if (text('remediation') === '') throw new UnreadableItem(key, 'it names no remediation');
  const message = messageIn(text('message'));
  if (!message) throw new UnreadableItem(key, 'its message is invalid');
  return {
    ...{ rule, resource, message },
    remediation: text('remediation'),
    detectedBy: text('detectedBy'),
    since: text('since'),
    ...(item.next?.S !== undefined && { next: item.next.S }),
    ...(item.user?.S !== undefined && { user: item.user.S }),
  };
}

function messageIn(text: string): RetryMessage | undefined {
  try {
    return retryMessageShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Records or updates it, unless another remediation is open for the same rule and resource. */
export const putOf = (TableName: string, { rule, resource, remediation, detectedBy, since, message, next, user }: OpenItem) => ({
  TableName,
  Item: {
    key: { S: keys.open(rule, resource) },
    // For the index that lists them.
    open: { S: 'open' },
    remediation: { S: remediation },
    detectedBy: { S: detectedBy },
    since: { S: since },
    message: { S: JSON.stringify(message) },
    ...(next !== undefined && { next: { S: next } }),
    ...(user !== undefined && { user: { S: user } }),
  },
  ConditionExpression: 'attribute_not_exists(remediation) OR remediation = :remediation',
  ExpressionAttributeValues: { ':remediation': { S: remediation } },
});

export const dynamoOpenRemediations = (client: DynamoDBClient, table: string, clock: Clock, user?: string): OpenRemediations => ({
  user,

  async find(rule, resource) {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { key: { S: keys.open(rule, resource) } }, ConsistentRead: true }),
    );
    return Item && openItemOf(Item);
  },

  async put(item) {
    const { rule, resource, remediation } = item;
    const put = new PutItemCommand(putOf(table, { ...item, ...(user !== undefined && { user }) }));
    try {
      await retryContention(() => client.send(put), clock);
    } catch (cause) {
      if (!(cause instanceof ConditionalCheckFailedException)) throw cause;
      throw new Error(`Another remediation of ${rule} is open for ${resource}. It has to end before remediation ${remediation}.`, {
        cause,
      });
    }
  },

  async remove({ rule, resource, remediation }) {
    const remove = new DeleteItemCommand({
      TableName: table,
      Key: { key: { S: keys.open(rule, resource) } },
      ConditionExpression: 'attribute_not_exists(remediation) OR remediation = :remediation',
      ExpressionAttributeValues: { ':remediation': { S: remediation } },
    });
    try {
      await retryContention(() => client.send(remove), clock);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },
});

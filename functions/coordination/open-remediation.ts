import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import { type RetryMessage, retryMessageShape } from '../findings/retry-message';
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
  find(rule: string, resource: string): Promise<OpenItem | undefined>;
  /** Records or updates it. Throws if another remediation is open for the same rule and resource. */
  put(item: OpenItem): Promise<void>;
  /** Another remediation that is open for the same rule and resource stays. */
  remove(item: Pick<OpenItem, 'rule' | 'resource' | 'remediation'>): Promise<void>;
}

export const dynamoOpenRemediations = (client: DynamoDBClient, table: string, clock: Clock, user?: string): OpenRemediations => ({
  user,

  async find(rule, resource) {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { key: { S: keys.open(rule, resource) } }, ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const text = (name: string) => Item[name]?.S ?? '';
    return {
      rule,
      resource,
      remediation: text('remediation'),
      detectedBy: text('detectedBy'),
      since: text('since'),
      message: retryMessageShape.parse(JSON.parse(text('message'))),
      ...(Item.next?.S !== undefined && { next: Item.next.S }),
      ...(Item.user?.S !== undefined && { user: Item.user.S }),
    };
  },

  async put({ rule, resource, remediation, detectedBy, since, message, next }) {
    const put = new PutItemCommand({
      TableName: table,
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

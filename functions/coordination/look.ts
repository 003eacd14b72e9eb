import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { valuesOf } from '../aws/values-of';
import type { Clock } from '../clock';
import { hours } from '../duration';
import type { Item } from './get-items';
import { forgetAt, keys } from './keys';
import type { RuleOnResource } from './rule-on-resource';

/** A remediation after which the detector is asked, and when. */
export interface Look {
  readonly remediation: string;
  readonly at: Date;
}

/** The looks at what detectors say of a resource, one at most for each control or Config rule: that of the latest remediation. */
export interface Looks {
  find(of: RuleOnResource, detectedBy: string): Promise<Look | undefined>;
  put(of: RuleOnResource, detectedBy: string, look: Look): Promise<void>;
  /** The look of another remediation stays. */
  remove(of: RuleOnResource, detectedBy: string, remediation: string): Promise<void>;
}

const daysKept = 30;
/** A look that is so late has been lost. */
const maxLate = hours(24);

const attributesOf = (detectedBy: string) => ({ remediation: `remediation ${detectedBy}`, at: `at ${detectedBy}` });

export function dynamoLooks(client: DynamoDBClient, table: string, clock: Clock): Looks {
  const place = ({ rule, resource }: RuleOnResource) => ({ TableName: table, Key: { key: { S: keys.look(rule, resource) } } });
  return {
    async find(of, detectedBy) {
      const { Item } = await client.send(new GetItemCommand({ ...place(of), ConsistentRead: true }));
      return Item && lookIn(valuesOf(Item), detectedBy);
    },

    async put(of, detectedBy, { remediation, at }) {
      const names = attributesOf(detectedBy);
      await client.send(
        new UpdateItemCommand({
          ...place(of),
          UpdateExpression: 'SET forget = :forget, #remediation = :by, #at = :at',
          ExpressionAttributeNames: { '#remediation': names.remediation, '#at': names.at },
          ExpressionAttributeValues: {
            ':by': { S: remediation },
            ':at': { S: at.toISOString() },
            ':forget': { N: String(forgetAt(clock.now(), daysKept)) },
          },
        }),
      );
    },

    async remove(of, detectedBy, remediation) {
      const names = attributesOf(detectedBy);
      try {
        await client.send(
          new UpdateItemCommand({
            ...place(of),
            ConditionExpression: '#remediation = :by',
            UpdateExpression: 'REMOVE #remediation, #at',
            ExpressionAttributeNames: { '#remediation': names.remediation, '#at': names.at },
            ExpressionAttributeValues: { ':by': { S: remediation } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

function lookIn(item: Item, detectedBy: string): Look | undefined {
  const names = attributesOf(detectedBy);
  const remediation = item[names.remediation];
  const at = new Date(String(item[names.at]));
  return typeof remediation === 'string' && !Number.isNaN(at.getTime()) ? { remediation, at } : undefined;
}

/** The latest look of an item that is still to come, of those detectors that may report the same fault. */
export function pendingLook(item: Item, mayBeOneFault: (detectedBy: string) => boolean, now: Date): Look | undefined {
  const all = Object.keys(item).flatMap((name) => {
    const of = name.startsWith('at ') ? name.slice('at '.length) : undefined;
    return of !== undefined && mayBeOneFault(of) ? (lookIn(item, of) ?? []) : [];
  });
  const pending = all.filter(({ at }) => at.getTime() + maxLate > now.getTime());
  return pending.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
}

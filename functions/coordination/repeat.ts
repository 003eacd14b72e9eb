import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { getItems, type Item, type ReadItems } from './get-items';
import { forgetAt, keys } from './keys';
import { type Look, pendingLook } from './look';
import type { RuleOnResource } from './rule-on-resource';

/** What a finding came to that changed nothing, and that is the same at each further report. */
export interface Standstill {
  /** Hash of the outcome and all of its reasons. */
  readonly as: string;
  /** When and in which remediation it was logged for this finding; undefined if it was not, or for another one only. */
  readonly logged?: { readonly remediation: string; readonly at: Date };
}

/** The last results of a rule for a resource, as far as they are still the same. */
export interface Repeats {
  /** Also whether a remediation of the rule is open there, and whether a detector of this fault is still to be asked; in one call. `finding` is a hash. */
  find(
    of: RuleOnResource,
    finding: string,
    mayBeOneFault: (detectedBy: string) => boolean,
  ): Promise<{ readonly standstill?: Standstill; readonly isOpen: boolean; readonly look?: Look }>;
  /** Counts one more report of what is logged. False if it is not so any more. */
  count(of: RuleOnResource, finding: string, as: string): Promise<boolean>;
  /** Records what was logged. Results that differ replace each other. */
  remember(of: RuleOnResource, finding: string, logged: { readonly as: string; readonly remediation: string }): Promise<void>;
  forget(of: RuleOnResource): Promise<void>;
}

const daysKept = 30;
/** More than there are standards with a control. With up to six, the item has a kilobyte, and each report costs one write unit. */
const maxFindings = 12;

/** Of one finding: the remediation in which it was logged, the time, and how often it was reported since. */
const attributesOf = (finding: string) => ({ remediation: `remediation ${finding}`, at: `at ${finding}`, count: `count ${finding}` });

export function dynamoRepeats(
  client: DynamoDBClient,
  table: string,
  clock: Clock,
  read: ReadItems = (wanted) => getItems(client, wanted, clock),
): Repeats {
  const place = ({ rule, resource }: RuleOnResource) => ({ TableName: table, Key: { key: { S: keys.repeat(rule, resource) } } });
  const forget = () => ({ N: String(forgetAt(clock.now(), daysKept)) });
  return {
    async find({ rule, resource }, finding, mayBeOneFault) {
      const names = [keys.repeat(rule, resource), keys.open(rule, resource), keys.look(rule, resource)] as const;
      const { [table]: items } = await read({ [table]: names });
      const [item, open, looks] = names.map((name) => items?.get(name));
      const look = looks && pendingLook(looks, mayBeOneFault, clock.now());
      return { isOpen: open !== undefined, ...(item && { standstill: standstillIn(item, finding) }), ...(look && { look }) };
    },

    count: (of, finding, as) =>
      unlessFailed(
        client,
        new UpdateItemCommand({
          ...place(of),
          ConditionExpression: '#as = :as AND attribute_exists(#at)',
          UpdateExpression: 'SET forget = :forget, #last = :last ADD #count :one',
          ExpressionAttributeNames: {
            '#as': 'as',
            '#at': attributesOf(finding).at,
            '#count': attributesOf(finding).count,
            '#last': 'last',
          },
          ExpressionAttributeValues: {
            ':as': { S: as },
            ':one': { N: '1' },
            ':last': { S: clock.now().toISOString() },
            ':forget': forget(),
          },
        }),
      ),

    async remember(of, finding, { as, remediation }) {
      const names = attributesOf(finding);
      const [by, at] = [{ S: remediation }, { S: clock.now().toISOString() }];
      const added = await unlessFailed(
        client,
        new UpdateItemCommand({
          ...place(of),
          ConditionExpression: '#as = :as AND (size(findings) < :max OR contains(findings, :finding))',
          UpdateExpression: 'SET forget = :forget, #remediation = :by, #at = :at REMOVE #count ADD findings :findings',
          ExpressionAttributeNames: { '#as': 'as', '#remediation': names.remediation, '#at': names.at, '#count': names.count },
          ExpressionAttributeValues: {
            ':as': { S: as },
            ':by': by,
            ':at': at,
            ':finding': { S: finding },
            ':findings': { SS: [finding] },
            ':max': { N: String(maxFindings) },
            ':forget': forget(),
          },
        }),
      );
      if (added) return;
      const Item = {
        ...place(of).Key,
        as: { S: as },
        findings: { SS: [finding] },
        [names.remediation]: by,
        [names.at]: at,
        forget: forget(),
      };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },

    async forget(of) {
      await client.send(new DeleteItemCommand(place(of)));
    },
  };
}

/** False if the condition of the command isn't met. */
async function unlessFailed(client: DynamoDBClient, command: UpdateItemCommand): Promise<boolean> {
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function standstillIn(item: Item, finding: string): Standstill {
  const names = attributesOf(finding);
  const at = new Date(String(item[names.at]));
  const remediation = item[names.remediation];
  const isLogged = typeof remediation === 'string' && !Number.isNaN(at.getTime());
  return { as: String(item.as), ...(isLogged && { logged: { remediation, at } }) };
}

import { type AttributeValue, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Json } from '../../rules/rule';
import { canonicalJson } from '../canonical-json';
import type { Clock } from '../clock';
import { days } from '../duration';
import { forgetAt, keys } from './keys';
import type { RuleOnResource } from './rule-on-resource';

/** A detector that demanded one value exactly. */
export interface RecordedDemand {
  readonly detector: string;
  readonly values: Readonly<Record<string, Json>>;
}

/** What the detectors of a resource demanded of it lately, as far as no value satisfies two that differ. */
export interface Demands {
  /** Those of the other detectors. `record`: this one's are recorded. */
  others(of: RuleOnResource, demand: RecordedDemand, options: { readonly record: boolean }): Promise<readonly RecordedDemand[]>;
}

const daysKept = 30;
const prefix = 'detector ';

export function dynamoDemands(client: DynamoDBClient, table: string, clock: Clock): Demands {
  return {
    async others({ rule, resource }, { detector, values }, { record }) {
      const place = { TableName: table, Key: { key: { S: keys.demands(rule, resource) } } };
      const now = clock.now();
      const seen = record
        ? await client.send(
            new UpdateItemCommand({
              ...place,
              UpdateExpression: 'SET #own = :own, forget = :forget',
              ExpressionAttributeNames: { '#own': `${prefix}${detector}` },
              ExpressionAttributeValues: {
                ':own': { S: canonicalJson({ at: now.toISOString(), values }) },
                ':forget': { N: String(forgetAt(now, daysKept)) },
              },
              ReturnValues: 'ALL_NEW',
            }),
          )
        : await client.send(new GetItemCommand({ ...place, ConsistentRead: true }));
      const item = 'Attributes' in seen ? seen.Attributes : (seen as { readonly Item?: Item }).Item;
      return recordedIn(item ?? {}, now).filter((other) => other.detector !== detector);
    },
  };
}

type Item = Readonly<Record<string, AttributeValue>>;

function recordedIn(item: Item, now: Date): readonly RecordedDemand[] {
  return Object.entries(item).flatMap(([name, { S: text }]) => {
    if (!name.startsWith(prefix) || text === undefined) return [];
    const { at, values } = JSON.parse(text) as { readonly at: string; readonly values: RecordedDemand['values'] };
    return now.getTime() - Date.parse(at) <= days(daysKept) ? [{ detector: name.slice(prefix.length), values }] : [];
  });
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { getItems, maxKeys } from './get-items';
import { keys } from './keys';

/** A remediation of a rule. */
interface Permitted {
  readonly rule: string;
  readonly remediation: string;
}

/** By remediation, when the permit of its first plan was counted, ISO 8601 in UTC with milliseconds. A time that can't be read is left out. */
export async function readPermitTimes(
  client: DynamoDBClient,
  table: string,
  permitted: readonly Permitted[],
  clock: Clock,
): Promise<ReadonlyMap<string, string>> {
  const times = new Map<string, string>();
  for (let from = 0; from < permitted.length; from += maxKeys) {
    const some = permitted
      .slice(from, from + maxKeys)
      .map(({ rule, remediation }) => [remediation, keys.permit(rule, remediation, 1)] as const);
    const items = (await getItems(client, { [table]: some.map(([, key]) => key) }, clock))[table];
    for (const [remediation, key] of some) {
      const at = items?.get(key)?.at;
      // The function of the rule writes it.
      if (typeof at === 'string' && isTime(at)) times.set(remediation, at);
    }
  }
  return times;
}

function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

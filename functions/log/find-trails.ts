import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { quote } from '../untrusted-text';
import { remediationIndex } from './indexes';
import { type ForgedRecord, notATrail } from './read-item';
import { parseTrail, type RemediationName, type Trail, trailKey } from './trail';

/** The trails about a remediation, by their keys. */
export interface FoundTrails {
  readonly trails: readonly Trail[];
  /** Records that only claim to be about it. */
  readonly forged: readonly ForgedRecord[];
}

/** Finds the trails of all writers about a remediation, by their first events. The index shows new ones with a delay of less than a second. */
export async function findTrails(client: DynamoDBClient, table: string, { rule, remediation }: RemediationName): Promise<FoundTrails> {
  const trails = new Map<string, Trail>();
  const forged: ForgedRecord[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      IndexName: remediationIndex,
      KeyConditionExpression: 'indexRemediation = :remediation',
      ExpressionAttributeValues: { ':remediation': { S: remediation } },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { trail: { S: key = '' } = {}, sequence } of Items) {
      const trail = parseTrail(key);
      if (trail?.remediation === remediation) trails.set(key, trail);
      else forged.push({ trail: key, sequence: Number(sequence?.N), why: trail ? otherThan(trail, remediation) : notATrail(key) });
    }
  }
  // The key says it all: a writer that hides its first event from the index hides nothing from a reader who names the rule.
  if (rule !== undefined)
    for (const by of ['rule', 'control'] as const) trails.set(trailKey({ by, rule, remediation }), { by, rule, remediation });
  const wanted = [...trails.values()].filter((trail) => rule === undefined || trail.rule === rule);
  return { trails: wanted, forged };
}

const otherThan = (trail: Trail, remediation: string): string =>
  `Its remediation is ${quote(remediation)}, and the remediation of its key ${quote(trail.remediation)}.`;

import { LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { Aws, Resource, ResourceKind } from '../../rules/rule';
import type { LastChange } from '../decision/facts';
import { changeIn, isChangeOfOthers, recordIn, type Skip, type TrailRecord } from './trail-record';

/** The resource whose last change is looked for. */
export interface Changed {
  readonly resource: Resource;
  readonly kind: Pick<ResourceKind, 'type' | 'recordedBy'>;
}

/**
 * The last change of the resource in CloudTrail's event history of 90 days; undefined if it has none but our own. The history is delayed by
 * some minutes. A record that can't be read is skipped. Source: the CloudTrail API, LookupEvents, which allows two requests per second for
 * an account and region.
 */
export async function lastChangeOf({ resource, kind }: Changed, aws: Aws, skip: Skip): Promise<LastChange | undefined> {
  const names = namesOf(resource);
  const [known] = kind.recordedBy ? [kind.recordedBy === 'id' ? resource.id : resource.arn] : [];
  const first = known === undefined ? names : [known];
  const found = await lastUnder(first, resource, aws, skip);
  if (found.change !== undefined || found.isRecorded || known === undefined) return found.change;
  // Each resource is read by AWS Config or by us: nothing at all under that name speaks against the name.
  return (
    await lastUnder(
      names.filter((name) => name !== known),
      resource,
      aws,
      skip,
    )
  ).change;
}

/** The names by which services record a resource: its id, its ARN, or as the caller named it. A lookup by only one of them could be evaded. */
export const namesOf = ({ id, arn }: Resource): readonly string[] => [...new Set([id, ...(arn.startsWith('arn:') ? [arn] : [])])];

interface Found {
  readonly change: LastChange | undefined;
  /** CloudTrail has any record under the names. */
  readonly isRecorded: boolean;
}

async function lastUnder(names: readonly string[], { account }: Resource, aws: Aws, skip: Skip): Promise<Found> {
  let change: LastChange | undefined;
  let isRecorded = false;
  for (const name of names) {
    for await (const record of recordsOf(name, aws, skip)) {
      isRecorded = true;
      if (change !== undefined && Date.parse(record.eventTime) <= Date.parse(change.at)) break;
      if (!isChangeOfOthers(record, account)) continue;
      change = changeIn(record);
      break;
    }
  }
  return { change, isRecorded };
}

/** The latest first. Reads are recorded among the changes; some pages are enough to find a change by an operator. */
async function* recordsOf(name: string, aws: Aws, skip: Skip): AsyncGenerator<TrailRecord> {
  const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: name }];
  let NextToken: string | undefined;
  for (let page = 0; page === 0 || (page < 3 && NextToken !== undefined); page += 1) {
    const answer: LookupEventsCommandOutput = await aws.send(new LookupEventsCommand({ LookupAttributes, MaxResults: 50, NextToken }));
    const records = (answer.Events ?? []).map(({ CloudTrailEvent }) => recordIn(CloudTrailEvent));
    const read = records.filter((record) => record !== undefined);
    if (read.length < records.length) skip(records.length - read.length);
    yield* read;
    NextToken = answer.NextToken;
  }
}

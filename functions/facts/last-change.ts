import { type Event, LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { Aws } from '../../rules/rule';
import type { LastChange } from '../decision/facts';
import { changeIn, isChangeOfOthers, recordIn, type Skip, type TrailRecord } from '../sources/cloudtrail/trail-record';
import { type Changed, compare, knownName, namesOf, recordedIn } from './recorded-resource';

/**
 * The last change of the resource in CloudTrail's event history of 90 days; undefined if it has none but our own. The history is delayed by
 * some minutes. A record that can't be read is skipped. Source: the CloudTrail API, LookupEvents, which allows two requests per second for
 * an account and region.
 */
export async function lastChangeOf(changed: Changed, aws: Aws, skip: Skip): Promise<LastChange | undefined> {
  const names = namesOf(changed.resource);
  const known = knownName(changed);
  const found = await lastUnder(known === undefined ? names : [known], changed, aws, skip);
  if (found.change !== undefined || found.isRecorded || known === undefined) return found.change;
  // Each resource is read by AWS Config or by us: nothing at all under that name speaks against the name.
  const others = names.filter((name) => name !== known);
  return (await lastUnder(others, changed, aws, skip)).change;
}

interface Found {
  readonly change: LastChange | undefined;
  /** CloudTrail has any record under the names that may be of the resource. */
  readonly isRecorded: boolean;
}

async function lastUnder(names: readonly string[], changed: Changed, aws: Aws, skip: Skip): Promise<Found> {
  let change: LastChange | undefined;
  let isRecorded = false;
  // The first page of each name, at once: each takes CloudTrail some hundred milliseconds.
  const sought = names.map((name) => ({ name, first: lookUp(name, aws) }));
  for (const { first } of sought) first.catch(() => undefined);
  for (const one of sought) {
    for await (const record of recordsOf(one, changed, aws, skip)) {
      isRecorded = true;
      if (change !== undefined && Date.parse(record.eventTime) <= Date.parse(change.at)) break;
      if (!isChangeOfOthers(record, changed.resource.account)) continue;
      change = changeIn(record);
      break;
    }
  }
  return { change, isRecorded };
}

interface Sought {
  readonly name: string;
  readonly first: Promise<LookupEventsCommandOutput>;
}

const lookUp = (AttributeValue: string, aws: Aws, NextToken?: string): Promise<LookupEventsCommandOutput> =>
  aws.send(
    new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName' as const, AttributeValue }], MaxResults: 50, NextToken }),
  );

/** The latest first, without those of other resources with the name. Reads are recorded among the changes; some pages are enough to find a change by an operator. */
async function* recordsOf({ name, first }: Sought, changed: Changed, aws: Aws, skip: Skip): AsyncGenerator<TrailRecord> {
  let NextToken: string | undefined;
  for (let page = 0; page === 0 || (page < 3 && NextToken !== undefined); page += 1) {
    const answer: LookupEventsCommandOutput = await (page === 0 ? first : lookUp(name, aws, NextToken));
    const records = (answer.Events ?? [])
      .filter((event) => mayBeOf(event, name, changed))
      .map(({ CloudTrailEvent }) => recordIn(CloudTrailEvent));
    const read = records.filter((record) => record !== undefined);
    if (read.length < records.length) skip(records.length - read.length);
    yield* read;
    NextToken = answer.NextToken;
  }
}

/** An event that was found by a name that it doesn't tell may be of any resource. */
function mayBeOf(event: Event, name: string, changed: Changed): boolean {
  const recorded = recordedIn(event).filter((one) => one.name === name);
  return recorded.length === 0 || recorded.some((one) => compare(one, changed) !== 'of-another');
}

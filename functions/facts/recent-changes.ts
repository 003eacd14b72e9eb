import { type Event, LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { Aws, Place } from '../../rules/rule';
import { isTransient } from '../aws/error';
import { recentlyUsed } from '../aws/recently-used';
import type { Clock } from '../clock';
import type { LastChange } from '../decision/facts';
import { minutes, seconds } from '../duration';
import { changeIn, isChangeOfOthers, recordIn, type Skip } from '../sources/cloudtrail/trail-record';
import { type Changed, compare, knownName, namesOf, type Recorded, recordedIn } from './recorded-resource';

/** The latest changes in an account and Region, which the fixes of a burst share. */
export interface RecentChanges {
  /** The last change of the resource, if it is among the latest. Undefined says nothing of the resource: it has to be looked up by name. */
  of(sought: Changed, trail: Pick<Place, 'account' | 'region'>, aws: Aws, skip: Skip): Promise<LastChange | undefined>;
}

/** CloudTrail's history is delayed by about five minutes already. */
const maxAge = minutes(2);
/** Lookups with no longer pause are one burst. */
const burst = seconds(10);
/** So many are by name. A process that handles only some of a burst would read more pages than they spare. */
const byName = 5;
/** 1,000 events, which take 10 seconds at two requests a second. */
const maxPages = 20;
/** A page with fewer resources of the type is not of this burst: more pages would rarely spare a lookup. */
const worthwhile = 5;
const maxPlaces = 20;

interface RecordedChange extends Recorded {
  readonly change: LastChange;
}

/** What CloudTrail has of the latest changes, without a gap from the time of the first page back. */
interface History {
  readonly since: number;
  /** By name, the latest first: also of several resources with the same name. */
  readonly changes: Map<string, RecordedChange[]>;
  pages: number;
  next: string | undefined;
  /** Whether the last page was worth its request. */
  isWorthwhile: boolean;
}

/** The lookups in an account and Region. */
interface Asked {
  at: number;
  /** In this burst. */
  lookups: number;
  history: History | undefined;
}

/**
 * Keeps pages of the latest changes in the memory of the process. A page in a table would be the word of whoever may write there. LookupEvents
 * answers with the latest events first, so the first change of a resource is its last. An event that may be of another resource with the same
 * name decides nothing: the lookup by name has the last word.
 */
export function recentChanges(clock: Pick<Clock, 'now'>): RecentChanges {
  const places = recentlyUsed<Asked>(maxPlaces);

  /** The history of the place; undefined for the first lookups of a burst. */
  const historyOf = ({ account, region }: Pick<Place, 'account' | 'region'>): History | undefined => {
    const now = clock.now().getTime();
    const place = places.get(`${account} ${region}`, () => ({ at: Number.NEGATIVE_INFINITY, lookups: 0, history: undefined }));
    place.lookups = now - place.at <= burst ? place.lookups + 1 : 1;
    place.at = now;
    if (place.history && now - place.history.since > maxAge) place.history = undefined;
    if (place.lookups > byName) place.history ??= { since: now, changes: new Map(), pages: 0, next: undefined, isWorthwhile: true };
    return place.history;
  };

  return {
    async of(sought, trail, aws, skip) {
      const history = historyOf(trail);
      if (!history) return undefined;
      let found = changeOf(sought, history);
      while (!found && history.isWorthwhile && history.pages < maxPages) {
        await addPage(history, { account: trail.account, type: sought.kind.type }, aws, skip);
        found = changeOf(sought, history);
      }
      return found === 'undecided' ? undefined : found;
    },
  };
}

/** Under two names, the later change. Undecided, if a later event under one of them may be of the resource. */
function changeOf(sought: Changed, { changes }: History): LastChange | 'undecided' | undefined {
  const known = knownName(sought);
  const found: LastChange[] = [];
  for (const name of known === undefined ? namesOf(sought.resource) : [known]) {
    const last = changes.get(name)?.find((one) => compare(one, sought) !== 'of-another');
    if (last && compare(last, sought) === 'undecided') return 'undecided';
    if (last) found.push(last.change);
  }
  return found.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
}

interface Subject {
  readonly account: string;
  readonly type: string;
}

async function addPage(history: History, { account, type }: Subject, aws: Aws, skip: Skip): Promise<void> {
  const LookupAttributes = [{ AttributeKey: 'ReadOnly' as const, AttributeValue: 'false' }];
  const lookup = new LookupEventsCommand({ LookupAttributes, MaxResults: 50, NextToken: history.next });
  const page = await aws.send<LookupEventsCommandOutput>(lookup).catch((error: unknown) => {
    if (isTransient(error)) throw error;
    // The lookup by name has the last word, also on what is wrong.
    return undefined;
  });
  const changed = (page?.Events ?? []).flatMap((event) => changedIn(event, account, skip));
  for (const one of changed) {
    const earlier = history.changes.get(one.name);
    if (earlier) earlier.push(one);
    else history.changes.set(one.name, [one]);
  }
  const ofType = new Set(changed.flatMap((one) => (one.type === type ? one.name : [])));
  history.pages += 1;
  history.next = page?.NextToken;
  history.isWorthwhile = history.next !== undefined && ofType.size >= worthwhile;
}

/** The resources that others changed with the event. */
function changedIn(event: Event, account: string, skip: Skip): readonly RecordedChange[] {
  const record = recordIn(event.CloudTrailEvent);
  if (!record) skip(1);
  if (!record || !isChangeOfOthers(record, account)) return [];
  const change = changeIn(record);
  return recordedIn(event).map((recorded) => ({ ...recorded, change }));
}

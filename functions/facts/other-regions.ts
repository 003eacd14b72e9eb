import type { Aws, Place, ReportedIn } from '../../rules/rule';
import type { Clock } from '../clock';
import { hours } from '../duration';

/** Where else people may have said something about a resource that detectors report in several Regions. */
export interface OtherRegions {
  /** The Regions in which the resource is reported, besides its own. `aws` is the connection to its own. */
  of(reportedIn: ReportedIn, place: Place, aws: Aws): Promise<readonly string[]>;
  /** To Security Hub and AWS Config. */
  readonly connect: (place: Place) => Aws;
}

/** A burst in one account causes one request: accounts rarely enable a Region. */
const freshFor = hours(1);

/** The list of Regions is cached for each account, for an hour. */
export function otherRegions(connect: OtherRegions['connect'], clock: Pick<Clock, 'now'>): OtherRegions {
  const kept = new Map<string, { readonly regions: Promise<readonly string[]>; readonly at: number }>();

  return {
    async of(reportedIn, { partition, account, region }, aws) {
      const regions = await regionsOf(`${partition} ${account}`, reportedIn, aws);
      return regions.filter((other) => other !== region);
    },
    connect,
  };

  function regionsOf(account: string, reportedIn: ReportedIn, aws: Aws): Promise<readonly string[]> {
    const now = clock.now().getTime();
    const known = kept.get(account);
    if (known && now - known.at < freshFor) return known.regions;
    const regions = reportedIn.regions(aws);
    kept.set(account, { regions, at: now });
    // An error is not cached.
    regions.catch(() => kept.delete(account));
    return regions;
  }
}

import type { Aws, Place } from '../../rules/rule';
import { recentlyUsed } from '../aws/recently-used';
import type { Clock } from '../clock';
import { minutes, seconds } from '../duration';
import { type SuppressedFindings, suppressedFinding, suppressedFindings } from '../sources/security-hub/suppressed';

/** The suppressed findings of a rule's controls in an account and Region, which the fixes of a burst share. */
export interface RecentSuppressions {
  /** As `suppressedFinding`. */
  of(controls: readonly string[], arns: readonly string[], place: Pick<Place, 'account' | 'region'>, aws: Aws): Promise<string | undefined>;
}

/** What somebody suppresses counts for a burst after this time. */
const maxAge = seconds(5);
/** Where there is too much to read, it is not tried again for so long. */
const pause = minutes(5);
/** Two requests within this time are a burst. */
const burst = seconds(10);
const maxPlaces = 20;

interface Asked {
  at: number;
  /** What Security Hub had at that time; undefined if that was too much to read, and before it was read. */
  all: { readonly at: number; readonly findings: SuppressedFindings | undefined } | undefined;
}

/** Keeps them in the memory of the process: Security Hub allows three requests per second, fewer than a burst needs for one each. */
export function recentSuppressions(clock: Pick<Clock, 'now'>): RecentSuppressions {
  const places = recentlyUsed<Asked>(maxPlaces);
  return {
    async of(controls, arns, { account, region }, aws) {
      const now = clock.now().getTime();
      const asked = places.get(JSON.stringify([account, region, controls]), () => ({ at: Number.NEGATIVE_INFINITY, all: undefined }));
      const isBurst = now - asked.at <= burst;
      asked.at = now;
      if (!isBurst) return suppressedFinding(controls, arns, aws);
      if (!asked.all || now - asked.all.at > (asked.all.findings ? maxAge : pause))
        asked.all = { at: now, findings: await suppressedFindings(controls, aws) };
      const { findings } = asked.all;
      return findings ? findings(arns) : suppressedFinding(controls, arns, aws);
    },
  };
}

import { days } from '../../duration';
import type { Facts } from '../facts';
import type { Weighed } from '../verdict';

/** Whether the resource is repeatedly changed back: then another fix does not help. */
export function fight({ policy: { fights }, standing, lastChange, now }: Facts): readonly Weighed[] {
  if ('unknown' in standing) return [];
  const since = new Date(now.getTime() - days(fights.days));
  const fixes = standing.known.fixes.filter((at) => new Date(at) > since);
  if (fixes.length < fights.fixes) return [];
  const reason = `fixed ${fixes.length} times in ${fights.days} days and changed back each time; last change by ${who(lastChange)}`;
  return [{ clause: 'fight', answer: 'observe', reason, outcome: 'fight' }];
}

function who(lastChange: Facts['lastChange']): string {
  if ('unknown' in lastChange) return `an unknown principal (${lastChange.unknown})`;
  if (!lastChange.known) return 'an unknown principal (CloudTrail has no record)';
  const { principal, userAgent, event, at } = lastChange.known;
  return `${principal} with ${event} at ${at}, user agent ${JSON.stringify(userAgent)}`;
}

import { days } from '../../duration';
import type { Facts } from '../facts';
import type { Weighed } from '../verdict';

/** Whether somebody changes the resource back each time: then the fault is there, and a fix more helps nobody. */
export function fight({ policy: { fights }, standing, lastChange, now }: Facts): readonly Weighed[] {
  if ('unknown' in standing) return [];
  const since = new Date(now.getTime() - days(fights.days));
  const fixes = standing.known.fixes.filter((at) => new Date(at) > since);
  if (fixes.length < fights.fixes) return [];
  const reason = `fixed ${fixes.length} times in ${fights.days} days, and each time changed back; last by ${who(lastChange)}`;
  return [{ clause: 'fight', answer: 'observe', reason, outcome: 'fight' }];
}

function who(lastChange: Facts['lastChange']): string {
  if ('unknown' in lastChange) return `somebody unknown (${lastChange.unknown})`;
  if (!lastChange.known) return 'somebody of whom CloudTrail has no record';
  const { principal, userAgent, event, at } = lastChange.known;
  return `${principal} with ${event} at ${at}, by ${JSON.stringify(userAgent)}`;
}

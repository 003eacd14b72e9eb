import { days } from '../../duration';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether the resource is repeatedly changed back: then another fix does not help. */
export function driftLoop({ policy: { driftLoops }, recorded, lastChange, now }: Facts): readonly ClauseResult[] {
  if ('unknown' in recorded) return [];
  const since = new Date(now.getTime() - days(driftLoops.days));
  const fixes = recorded.known.fixes.filter((at) => new Date(at) > since);
  if (fixes.length < driftLoops.fixes) return [];
  const reason = `fixed ${fixes.length} times in ${driftLoops.days} days and changed back each time; last change by ${who(lastChange)}`;
  return [{ clause: 'drift-loop', answer: 'observe', reason, outcome: 'drift-loop' }];
}

function who(lastChange: Facts['lastChange']): string {
  if ('unknown' in lastChange) return `an unknown principal (${lastChange.unknown})`;
  if (!lastChange.known) return 'an unknown principal (CloudTrail has no record)';
  const { principal, userAgent, event, at } = lastChange.known;
  return `${principal} with ${event} at ${at}, user agent ${JSON.stringify(userAgent)}`;
}

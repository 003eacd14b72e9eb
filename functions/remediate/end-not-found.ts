import { sameJson } from '../canonical-json';
import type { OpenItem } from '../coordination/open-remediation';
import { retryMessage } from '../findings/retry-message';
import { findBreaks } from '../log/chain';
import { openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { type AttemptContext, end, type Result } from './context';
import { endAbsent } from './end-absent';
import { absent } from './halt';

/** The reported resource no longer exists. That ends its open remediation, too, which the message of that remediation names. */
export async function endNotFound(fresh: AttemptContext): Promise<Result> {
  const { attempt, ports } = fresh;
  const { rule, log, clock, openRemediations } = ports;
  const item = attempt.open === undefined ? undefined : await openRemediations.find(rule.id, attempt.open);
  if (!item || !isOf(item, fresh)) return endAbsent(fresh);
  const events = await log.read(item.remediation);
  const last = events.at(-1);
  // Without a log that holds, nobody can say what was done: the item stays.
  if (!last || findBreaks(events).length > 0) return end(fresh, [absent]);
  const result = await end({ ...fresh, journal: openJournal(log, clock, subjectIn(last, ports.version), events) }, [absent]);
  await openRemediations.remove(item);
  return result;
}

/** Whether the item is about the very resource that was not found: a message could name any item. */
const isOf = ({ message, user }: OpenItem, { attempt, ports }: AttemptContext): boolean => {
  const { account, region, resource } = retryMessage(attempt).finding;
  const own = message.finding;
  return user === ports.openRemediations.user && own.account === account && own.region === region && sameJson(own.resource, resource);
};

import { describe } from '../aws/error';
import { minutes } from '../duration';
import { openIntents } from '../plan/intents';
import { isService } from '../sources/security-hub/services/product';
import type { ResourceCode } from './codes';
import { type AttemptContext, end, type Result } from './context';
import { absent } from './halt';
import { ticketNote } from './ticket-note';

/** A new resource can be invisible for minutes, and AWS Config does not repeat its event. */
const pause = minutes(10);

/**
 * AWS says that the resource does not exist. The first time, it is looked at again ten minutes later; the second time, it is believed, and
 * the finding gets a note. Where changes were made, the resource was there.
 */
export async function endAbsent(context: AttemptContext): Promise<Result> {
  const { attempt, aws, journal, ports } = context;
  const { events, subject } = journal;
  const { remediation } = subject;
  const code: ResourceCode = 'not-visible';
  const before = events.find((event) => event.code === code);
  const first = before ? Date.parse(before.time) : ports.clock.now().getTime();
  // A schedule has whole seconds. It comes at the time that was logged: the event may be of a later second than the time was made from.
  const at = before?.until === undefined ? new Date(Math.ceil((first + pause) / 1000) * 1000) : new Date(before.until);
  // A command line can schedule nothing.
  const isLast = openIntents(events).length > 0 || ports.openRemediations.user !== undefined || (before && ports.clock.now() >= at);
  if (!isLast) {
    const until = at.toISOString();
    const again = { ...attempt, remediation, deferred: true, number: attempt.number + 1 } as const;
    await ports.scheduleRetry(again, at, `${remediation}-not-visible-${again.number}`);
    const reason = `AWS says that the resource does not exist. It may not be visible yet. Next attempt at ${until}.`;
    return end(context, [{ kind: 'deferred', outcome: 'deferred', code, until, reason }]);
  }
  const result = await end(context, [absent]);
  const note = `${subject.resource.slice(0, 200)} does not exist.${isService(attempt.finding.source) ? '' : ' Security Hub archives the finding by itself.'} Remediation ${remediation}.${await ticketNote(context)}`;
  await ports
    .tellSource(attempt.finding, { status: 'NOTIFIED', note }, aws)
    .catch((error: unknown) => ports.warn('The source was not notified', { remediation, error: describe(error) }));
  return result;
}

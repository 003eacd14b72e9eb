import { leaseKey } from '../coordination/lease-key';
import type { OpenItem } from '../coordination/open-remediation';
import type { Attempt } from '../findings/attempt';
import { retryMessage } from '../findings/retry-message';
import { readMessage } from '../sources/read-message';
import type { RemediationContext } from './context';
import { nextAttemptOfOpen } from './next-attempt';

type Opening = Pick<RemediationContext, 'attempt' | 'journal' | 'resource' | 'ports'>;

async function itemOf(context: Opening): Promise<OpenItem> {
  const { resource, ports } = context;
  return openItemFor(context, await ports.openRemediations.find(ports.rule.id, leaseKey(ports.rule, resource)));
}

/** The item by which the remediation is open, from its first intent on: the one that was found, or a new one. */
export function openItemFor({ attempt, journal, resource, ports }: Opening, found: OpenItem | undefined): OpenItem {
  const key = leaseKey(ports.rule, resource);
  const { remediation, detectedBy } = journal.subject;
  if (found?.remediation === remediation) return found;
  // The open remediation is found by its resource. Once it has ended, the message is an ordinary finding, not the replay of an approval.
  const { remediation: _, deferred: __, ...anew } = attempt;
  const message = retryMessage({ ...anew, number: 0, open: key });
  const since = ports.clock.now().toISOString();
  const { user } = ports.openRemediations;
  return { rule: ports.rule.id, resource: key, remediation, detectedBy, since, message, ...(user !== undefined && { user }) };
}

/** The attempt that continues an open remediation: with its own finding, not that of another detector. */
export const attemptOf = ({ message }: OpenItem, { rule }: Pick<Opening['ports'], 'rule'>): Attempt | undefined => {
  const read = readMessage(rule, message);
  return read && 'finding' in read ? read : undefined;
};

/** Schedules the next attempt for an open remediation, unless one is scheduled already. Returns its time. */
export async function scheduleOpen(context: Opening, at?: Date): Promise<Date> {
  const { attempt, journal, ports } = context;
  const { remediation } = journal.subject;
  const item = await itemOf(context);
  const now = ports.clock.now();
  if (item.next !== undefined && new Date(item.next) > now) return new Date(item.next);
  const { number } = item.message;
  const wanted = at ?? nextAttemptOfOpen(number, now, remediation);
  // A schedule has whole seconds, and must not be early for itself.
  const next = new Date(Math.ceil(wanted.getTime() / 1000) * 1000);
  await ports.scheduleRetry({ ...(attemptOf(item, ports) ?? attempt), number: number + 1 }, next, `${remediation}-open-${number + 1}`);
  await ports.openRemediations.put({ ...item, message: { ...item.message, number: number + 1 }, next: next.toISOString() });
  return next;
}

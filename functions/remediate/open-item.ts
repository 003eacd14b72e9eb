import { leaseKey } from '../coordination/lease-key';
import type { OpenItem } from '../coordination/open-remediation';
import type { Attempt } from '../findings/attempt';
import { retryMessage } from '../findings/retry-message';
import { readMessage } from '../sources/read-message';
import type { RemediationContext } from './context';
import { nextAttemptOfOpen } from './next-attempt';

type Opening = Pick<RemediationContext, 'attempt' | 'journal' | 'resource' | 'ports'>;

/** Records that the remediation is open, before its first intent and with each further one. */
export async function recordOpen(context: Opening): Promise<void> {
  await context.ports.openRemediations.put(await itemOf(context));
}

async function itemOf({ attempt, journal, resource, ports }: Opening): Promise<OpenItem> {
  const key = leaseKey(ports.rule, resource);
  const { remediation, detectedBy } = journal.subject;
  const found = await ports.openRemediations.find(ports.rule.id, key);
  if (found?.remediation === remediation) return found;
  // The open remediation is found by its resource. Once it has ended, the message is an ordinary finding, not the replay of an approval.
  const { remediation: _, turn: __, ...anew } = attempt;
  const message = retryMessage({ ...anew, number: 0, open: key });
  return { rule: ports.rule.id, resource: key, remediation, detectedBy, since: ports.clock.now().toISOString(), message };
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

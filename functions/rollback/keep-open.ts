import { leaseKey } from '../coordination/lease-key';
import { UnreadableItem } from '../coordination/open-remediation';
import { retryMessageShape } from '../findings/retry-message';
import type { LogEvent } from '../log/event';
import type { RollbackContext } from './context';

/** `opened`: it is open from now on. `before`: it was open. `not`: another one is open, so nothing but the rollback itself brings it back. */
type Opening = 'opened' | 'before' | 'not';

/** A rollback that was begun leaves a half state until it is complete: the remediation is open meanwhile, also one that had ended. */
export async function keepOpen(context: RollbackContext): Promise<Opening> {
  const { rule, resource, fix, openRemediations, clock } = context;
  const [{ remediation, detectedBy }] = fix.events;
  const key = leaseKey(rule, resource);
  const found = await openRemediations.find(rule.id, key).catch((error: unknown) => {
    if (error instanceof UnreadableItem) return error;
    throw error;
  });
  // Another remediation that is open since stays: its changes are newer.
  if (found) return !(found instanceof UnreadableItem) && found.remediation === remediation ? 'before' : 'not';
  const message = messageOf({ ...fix.events[0], resource: fix.last.resource }, key);
  if (!message) return 'not';
  await openRemediations.put({ rule: rule.id, resource: key, remediation, detectedBy, since: clock.now().toISOString(), message });
  return 'opened';
}

export async function forgetOpen({ rule, resource, fix, openRemediations }: RollbackContext): Promise<void> {
  await openRemediations.remove({ rule: rule.id, resource: leaseKey(rule, resource), remediation: fix.events[0].remediation });
}

/** The finding of the remediation, as a message; undefined if the log does not have all of it. */
function messageOf(
  { finding: id, source, detectedBy, partition, account, region, resource, resourceType, times, time, ...event }: LogEvent,
  open: string,
) {
  const { requester, reference, evidence } = event;
  const finding = {
    ...{ id, source, detectedBy, partition, account, region },
    resource: { type: resourceType, reported: source === 'config' ? reportedIn(id, resourceType, resource) : { arn: resource } },
    detectedAt: times?.detected ?? time,
    sentAt: times?.received ?? time,
    ...(requester !== undefined && { requester }),
    ...(reference !== undefined && { reference }),
    ...(evidence && { evidence }),
  };
  return retryMessageShape.safeParse({ finding, number: 0, open }).data;
}

/** The resource as AWS Config reported it, by which the id of its finding ends: a message that names it otherwise contradicts itself. */
function reportedIn(finding: string, resourceType: string, arn: string): { readonly arn: string } | { readonly configId: string } {
  const start = `/${resourceType}/`;
  const at = finding.indexOf(start);
  const id = at < 0 ? arn : finding.slice(at + start.length);
  return id.startsWith('arn:') ? { arn: id } : { configId: id };
}

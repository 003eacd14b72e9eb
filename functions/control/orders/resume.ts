import { getStop, removeStop } from '../../coordination/stop';
import { authorizeForEverything } from '../authorize-order';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';

/** Allows changes again. */
export async function resume({ why }: Orders['resume'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForEverything(by, ports);
  if (authorized !== 'authorized') return authorized.refusal;
  if (!(await getStop(ports.dynamo, ports.orders))) return refuse('conflict', 'not-stopped', 'Changes are not stopped.');
  // Log first: changes are never allowed without a log entry.
  const remediation = await writeCentralEvent({ kind: 'resumed', reason: `${by} allowed changes again: ${why}.`, actor: by }, ports);
  await removeStop(ports.dynamo, ports.orders, ports.clock);
  return accept(
    'Resumed. Deferred findings are retried within an hour. Incomplete fixes continue at the time that `posture log --outcome incomplete` states.',
    remediation,
  );
}

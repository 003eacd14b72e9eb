import { getStops, removeStop, type Stopped, stoppable, stoppedText } from '../../coordination/stop';
import { authorizeForEverything } from '../authorize-order';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';

/** Allows changes again: all, or only those of settings, or only responses. */
export async function resume({ changes: given, why }: Orders['resume'], by: string, ports: ControlPorts): Promise<Reply> {
  const changes: Stopped = given ?? 'all';
  const authorized = await authorizeForEverything(by, ports);
  if (authorized !== 'authorized') return authorized.refusal;
  const stops = await getStops(ports.dynamo, ports.orders, ports.clock);
  const isStopped = changes === 'all' ? Object.keys(stops).length > 0 : (stops.all ?? stops[changes]) !== undefined;
  if (!isStopped)
    return refuse('conflict', 'not-stopped', changes === 'all' ? 'Changes are not stopped.' : `Not stopped: ${stoppedText[changes]}.`);
  // Log first: changes are never allowed without a log entry.
  const remediation = await writeCentralEvent(
    { kind: 'resumed', reason: `${by} allowed ${changes === 'all' ? 'changes' : stoppedText[changes]} again: ${why}.`, actor: by },
    ports,
  );
  await removeStop(ports.dynamo, ports.orders, changes, ports.clock);
  const [other] = stoppable.filter((one) => one !== changes && (stops.all ?? stops[one]) !== undefined);
  const rest = changes === 'all' || other === undefined ? '' : ` Still stopped: ${stoppedText[other]}.`;
  return accept(
    `Resumed.${rest} Deferred findings are retried within an hour. Incomplete fixes continue at the time that \`posture log --outcome incomplete\` states.`,
    remediation,
  );
}

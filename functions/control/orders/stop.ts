import { describe } from '../../aws/fault';
import { getStop, putStop } from '../../coordination/stop';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Stops all changes. Whoever may give orders at all may do so, whatever the policy says: nothing is safer. */
export async function stop({ why }: Orders['stop'], by: string, ports: ControlPorts): Promise<Reply> {
  const before = await getStop(ports.dynamo, ports.coordination);
  if (before) return accept(`${before.by} stopped all changes at ${before.at} already: ${before.why}.`);
  await putStop(ports.dynamo, ports.coordination, { by, at: ports.clock.now().toISOString(), why }, ports.clock);
  const stopped = 'Stopped: nothing is changed until somebody starts it again (`posture resume`). Rollbacks can be made.';
  try {
    return accept(stopped, await writeCentralEvent({ kind: 'stopped', reason: `${by} stopped all changes: ${why}.`, actor: by }, ports));
  } catch (error) {
    // It holds all the same, and who asks again must not think that it does not.
    ports.warn('The stop is not in the log', { by, why, error: describe(error) });
    return accept(`${stopped} It could not be written into the log: ${describe(error)}`);
  }
}

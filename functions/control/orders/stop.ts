import { describe } from '../../aws/error';
import { getStop, putStop } from '../../coordination/stop';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Stops all changes. Every caller of the endpoint is authorized, regardless of the policy, because a stop is always safe. */
export async function stop({ why }: Orders['stop'], by: string, ports: ControlPorts): Promise<Reply> {
  const before = await getStop(ports.dynamo, ports.orders);
  if (before) return accept(`${before.by} already stopped all changes at ${before.at}: ${before.why}.`);
  await putStop(ports.dynamo, ports.orders, { by, at: ports.clock.now().toISOString(), why }, ports.clock);
  const stopped =
    'Stopped. No fix starts until an operator resumes (`posture resume`). Fixes that are in progress may still complete; `posture log --outcome incomplete` lists those that are left incomplete. Rollbacks are still possible.';
  try {
    return accept(stopped, await writeCentralEvent({ kind: 'stopped', reason: `${by} stopped all changes: ${why}.`, actor: by }, ports));
  } catch (error) {
    // The stop is in effect, and the reply must say so.
    ports.warn('The stop was not logged', { by, why, error: describe(error) });
    return accept(`${stopped} The stop could not be logged: ${describe(error)}`);
  }
}

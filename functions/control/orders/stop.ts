import { describe } from '../../aws/fault';
import { getStop, putStop } from '../../coordination/stop';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlTools } from '../ports';
import { accept, type Reply } from '../reply';

/** Stops all changes. Whoever may give orders at all may do so, whatever the policy says: nothing is safer. */
export async function stop({ why }: Orders['stop'], by: string, tools: ControlTools): Promise<Reply> {
  const before = await getStop(tools.dynamo, tools.coordination);
  if (before) return accept(`${before.by} stopped all changes at ${before.at} already: ${before.why}.`);
  await putStop(tools.dynamo, tools.coordination, { by, at: tools.clock.now().toISOString(), why }, tools.clock);
  const stopped = 'Stopped: nothing is changed until somebody starts it again (`posture start`). Rollbacks can be made.';
  try {
    return accept(stopped, await writeCentralEvent({ kind: 'stopped', reason: `${by} stopped all changes: ${why}.`, actor: by }, tools));
  } catch (error) {
    // It holds all the same, and who asks again must not think that it does not.
    tools.warn('The stop is not in the log', { by, why, error: describe(error) });
    return accept(`${stopped} It could not be written into the log: ${describe(error)}`);
  }
}

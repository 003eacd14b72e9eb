import { describe } from '../../aws/error';
import { getStops, putStop, type Stopped, stoppedText } from '../../coordination/stop';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Stops changes. Every caller of the endpoint is authorized, regardless of the policy, because a stop is always safe. */
export async function stop({ changes: given, why }: Orders['stop'], by: string, ports: ControlPorts): Promise<Reply> {
  const changes: Stopped = given ?? 'all';
  const stops = await getStops(ports.dynamo, ports.orders, ports.clock);
  const [what, before] = stops.all ? (['all', stops.all] as const) : ([changes, stops[changes]] as const);
  if (before) return accept(`${before.by} already stopped ${stoppedText[what]} at ${before.at}: ${before.why}.`);
  await putStop(ports.dynamo, ports.orders, changes, { by, at: ports.clock.now().toISOString(), why }, ports.clock);
  const none = { all: 'No fix starts', settings: 'No fix of a setting starts', responses: 'No response to a threat starts' }[changes];
  const stopped = `Stopped. ${none} until an operator resumes (\`posture resume\`). Fixes that are in progress may still complete; \`posture log --outcome incomplete\` lists those that are left incomplete. Rollbacks are still possible.`;
  try {
    const reason = `${by} stopped ${stoppedText[changes]}: ${why}.`;
    return accept(stopped, await writeCentralEvent({ kind: 'stopped', reason, actor: by }, ports));
  } catch (error) {
    // The stop is in effect, and the reply must say so.
    ports.warn('The stop was not logged', { by, changes, why, error: describe(error) });
    return accept(`${stopped} The stop could not be logged: ${describe(error)}`);
  }
}

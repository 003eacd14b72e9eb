import { getStop, removeStop } from '../../coordination/stop';
import { authorizeForEverything } from '../authorize-order';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';

/** Lets changes be made again. */
export async function resume({ why }: Orders['resume'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForEverything(by, ports);
  if (authorized !== 'authorized') return authorized.refusal;
  if (!(await getStop(ports.dynamo, ports.coordination))) return refuse('conflict', 'Changes are not stopped.');
  // First the log: nothing lets changes through of which it does not tell.
  const remediation = await writeCentralEvent({ kind: 'resumed', reason: `${by} let changes be made again: ${why}.`, actor: by }, ports);
  await removeStop(ports.dynamo, ports.coordination, ports.clock);
  return accept('Started: what was put off comes again within the hour.', remediation);
}

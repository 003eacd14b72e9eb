import { getStop, removeStop } from '../../coordination/stop';
import { authorizeForEverything } from '../authorize-order';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlTools } from '../ports';
import { accept, type Reply, refuse } from '../reply';

/** Lets changes be made again. */
export async function start({ why }: Orders['start'], by: string, tools: ControlTools): Promise<Reply> {
  const authorized = await authorizeForEverything(by, tools);
  if (authorized !== 'authorized') return authorized.refusal;
  if (!(await getStop(tools.dynamo, tools.coordination))) return refuse('conflict', 'Changes are not stopped.');
  // First the log: nothing lets changes through of which it does not tell.
  const remediation = await writeCentralEvent({ kind: 'started', reason: `${by} let changes be made again: ${why}.`, actor: by }, tools);
  await removeStop(tools.dynamo, tools.coordination, tools.clock);
  return accept('Started: what was put off comes again within the hour.', remediation);
}

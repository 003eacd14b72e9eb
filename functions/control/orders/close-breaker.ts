import { closeBreaker as closeRecorded, isOpen } from '../../coordination/breaker';
import { authorizeForRule } from '../authorize-order';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply, refuse } from '../reply';

/** Closes the breaker of a rule, which then acts according to the policy again. */
export async function closeBreaker({ rule: id, why }: Orders['close-breaker'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRule(id, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  if (!(await isOpen(ports.dynamo, ports.coordination, id)))
    return refuse('conflict', 'breaker-not-open', `The breaker of ${id} is not open.`);
  const closed = { kind: 'breaker-closed', reason: `${by} closed the breaker of ${id}: ${why}.`, actor: by } as const;
  const remediation = await writeCentralEvent(closed, ports, authorized.rule);
  await closeRecorded(ports.dynamo, ports.coordination, id, ports.clock);
  return accept(`Closed. ${id} acts according to the policy again.`, remediation);
}

import { isHeld, removeHold } from '../../coordination/hold';
import { authorizeForRemediation } from '../authorize-order';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Lets the rule fix the resource again, after a rollback or a rejection. */
export async function release(order: Orders['release'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history } = authorized;
  const { rule, lease, write } = history;
  if (!(await isHeld(ports.dynamo, ports.coordination, rule.id, lease)))
    return history.refuse({ order: 'release', by }, 'conflict', `The rule ${rule.id} is not kept from this resource.`);
  await write({ kind: 'released', reason: `${by} lets the rule fix it again: ${order.why}.`, actor: by });
  await removeHold(ports.dynamo, ports.coordination, rule.id, lease);
  return accept('Released: the next finding is handled as the policy says.', order.remediation);
}

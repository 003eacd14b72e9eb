import { isHeld, removeHold } from '../../coordination/hold';
import { authorizeForRemediation } from '../authorize-order';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Allows the rule to fix the resource again, after a rollback or a rejection. */
export async function release(order: Orders['release'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history } = authorized;
  const { remediation, rule, lease, write } = history;
  if (!(await isHeld(ports.dynamo, ports.orders, rule.id, lease)))
    return history.refuse({ order: 'release', by }, 'conflict', {
      code: 'not-held',
      reason: `The resource is not exempt from the rule ${rule.id} by a rollback or a rejection.`,
    });
  await write({ kind: 'released', reason: `${by} allowed the rule to fix the resource again: ${order.why}.`, actor: by });
  await removeHold(ports.dynamo, ports.orders, rule.id, lease);
  return accept('Released. The next finding is processed according to the policy.', remediation);
}

import { closeBreaker, isOpen } from '../../coordination/breaker';
import { authorizeForRule } from '../authorize-order';
import { writeCentralEvent } from '../central-event';
import type { Orders } from '../order';
import type { ControlTools } from '../ports';
import { accept, type Reply, refuse } from '../reply';

/** Puts the rule back to what the policy says. */
export async function closeRule({ rule: id, why }: Orders['close-breaker'], by: string, tools: ControlTools): Promise<Reply> {
  const authorized = await authorizeForRule(id, by, tools);
  if ('refusal' in authorized) return authorized.refusal;
  if (!(await isOpen(tools.dynamo, tools.coordination, id))) return refuse('conflict', `The breaker of ${id} is not open.`);
  const closed = { kind: 'breaker-closed', reason: `${by} closed the breaker of ${id}: ${why}.`, actor: by } as const;
  const remediation = await writeCentralEvent(closed, tools, authorized.rule);
  await closeBreaker(tools.dynamo, tools.coordination, id, tools.clock);
  return accept(`Closed: ${id} does again what the policy says.`, remediation);
}

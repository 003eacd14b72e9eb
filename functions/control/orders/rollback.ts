import { putRollback } from '../../coordination/rollback-order';
import { holdEffect } from '../../decision/hold-effect';
import { hours } from '../../duration';
import { authorizeForRemediation } from '../authorize-order';
import { holdFor } from '../hold-for';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** A request that was not handled by then is expired, and must be repeated. */
const patience = hours(1);

/** Requests a rollback from the function of the rule. It also works while changes are stopped. */
export async function rollback(order: Orders['rollback'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history, policy } = authorized;
  const { remediation } = history;
  const { why, force } = order;
  if (!history.events.some(({ kind }) => kind === 'planned'))
    return history.refuse({ order: 'rollback', by }, 'conflict', {
      code: 'nothing-to-roll-back',
      reason: `Remediation ${remediation} changed nothing.`,
    });
  const now = ports.clock.now();
  const expires = new Date(now.getTime() + patience).toISOString();
  // The hold is put first, as the next finding could otherwise fix the resource between the rollback and the hold.
  const held = await holdFor({ history, policy, by, why: `rollback of remediation ${remediation}: ${why}` }, ports);
  const request = { by, at: now.toISOString(), why, force, expires, ...(held !== undefined && { held }) };
  await putRollback(ports.dynamo, ports.orders, { rule: history.rule.id, remediation }, request);
  await ports.invoke(history.rule.id, { rollback: remediation });
  const then =
    held === undefined
      ? 'The next finding may fix the resource again, because the policy sets no exemption (`rollbacks.exemptDays`).'
      : `Whatever its result, the ${holdEffect(history.rule, held)} (\`posture release\`).`;
  return accept(`Requested. The function of the rule rolls back the remediation now. ${then}`, remediation);
}

import { putRollback } from '../../coordination/rollback-order';
import { hours } from '../../duration';
import { authorizeForRemediation } from '../authorize-order';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** A request that was not handled by then is expired, and must be repeated. */
const patience = hours(1);

/** Requests a rollback from the function of the rule. It also works while changes are stopped. */
export async function rollback(order: Orders['rollback'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history } = authorized;
  const { remediation } = history;
  const { why, force } = order;
  if (!history.events.some(({ kind }) => kind === 'planned'))
    return history.refuse({ order: 'rollback', by }, 'conflict', {
      code: 'nothing-to-roll-back',
      reason: `Remediation ${remediation} changed nothing.`,
    });
  const now = ports.clock.now();
  const expires = new Date(now.getTime() + patience).toISOString();
  await putRollback(ports.dynamo, ports.coordination, remediation, { by, at: now.toISOString(), why, force, expires });
  await ports.invoke(history.rule.id, { rollback: remediation });
  return accept('Requested. The function of the rule rolls back the remediation now.', remediation);
}

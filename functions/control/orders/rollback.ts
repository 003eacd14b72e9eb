import { putRollback } from '../../coordination/rollback-order';
import { authorizeForRemediation } from '../authorize-order';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** An order that is not carried out by then was lost: it is given again. */
const patience = 3_600_000;

/** Has the function of the rule take a remediation back. A stop does not hold it up. */
export async function rollback(order: Orders['rollback'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history } = authorized;
  const { remediation, why, force } = order;
  if (!history.events.some(({ kind }) => kind === 'planned'))
    return history.refuse({ order: 'rollback', by }, 'conflict', `Remediation ${remediation} changed nothing.`);
  const now = ports.clock.now();
  const expires = new Date(now.getTime() + patience).toISOString();
  await putRollback(ports.dynamo, ports.coordination, remediation, { by, at: now.toISOString(), why, force, expires });
  await ports.invoke(history.rule.id, { rollback: remediation });
  return accept('Ordered: the function of the rule takes it back now.', remediation);
}

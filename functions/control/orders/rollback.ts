import { putRollback } from '../../coordination/approval';
import type { Policy } from '../../policy/policy';
import { forbidden } from '../authorize';
import { historyOf } from '../history';
import { accept, type Order, type Reply } from '../order';
import type { ControlPorts } from '../ports';

/** An order that is not carried out by then was lost: it is given again. */
const patience = 3_600_000;

/** Has the function of the rule take a remediation back. A stop does not hold it up. */
export async function rollBack(
  { remediation, why, force }: Extract<Order, { order: 'rollback' }>,
  by: string,
  policy: Policy,
  ports: ControlPorts,
): Promise<Reply> {
  const history = await historyOf(remediation, ports);
  if ('refusal' in history) return history.refusal;
  const { rule, first, events } = history;
  const no = await forbidden(by, { event: first, rule }, { policy, ousOf: ports.ousOf });
  if (no !== undefined) return history.refuse({ name: 'rollback', by }, 'forbidden', no);
  if (!events.some(({ kind }) => kind === 'planned'))
    return history.refuse({ name: 'rollback', by }, 'conflict', `Remediation ${remediation} changed nothing.`);
  const now = ports.clock.now();
  const expires = new Date(now.getTime() + patience).toISOString();
  await putRollback(ports.dynamo, ports.coordination, remediation, { by, at: now.toISOString(), why, force, expires });
  await ports.invoke(rule.id, { rollback: remediation });
  return accept('Ordered: the function of the rule takes it back now.', remediation);
}

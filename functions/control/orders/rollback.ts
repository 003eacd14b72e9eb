import { putRollback } from '../../coordination/rollback-order';
import type { Policy } from '../../policy/policy';
import { forbidden } from '../authorize';
import { historyOf } from '../history';
import { accept, type Order, type Reply } from '../order';
import type { ControlTools } from '../ports';

/** An order that is not carried out by then was lost: it is given again. */
const patience = 3_600_000;

/** Has the function of the rule take a remediation back. A stop does not hold it up. */
export async function takeBack(
  { remediation, why, force }: Extract<Order, { order: 'rollback' }>,
  by: string,
  policy: Policy,
  tools: ControlTools,
): Promise<Reply> {
  const history = await historyOf(remediation, tools);
  if ('refusal' in history) return history.refusal;
  const { rule, first, events } = history;
  const no = await forbidden(by, { event: first, rule }, { policy, ousOf: tools.ousOf });
  if (no !== undefined) return history.refuse({ name: 'rollback', by }, 'forbidden', no);
  if (!events.some(({ kind }) => kind === 'intended'))
    return history.refuse({ name: 'rollback', by }, 'conflict', `Remediation ${remediation} changed nothing.`);
  const now = tools.clock.now();
  const expires = new Date(now.getTime() + patience).toISOString();
  await putRollback(tools.dynamo, tools.coordination, remediation, { by, at: now.toISOString(), why, force, expires });
  await tools.invoke(rule.id, { rollback: remediation });
  return accept('Ordered: the function of the rule takes it back now.', remediation);
}

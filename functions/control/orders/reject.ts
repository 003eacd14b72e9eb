import { removeApproval } from '../../coordination/approval';
import { getAsk, type OpenAsk, removeAsk } from '../../coordination/pending-approval';
import { holdEffect } from '../../decision/hold-effect';
import { authorizeForRemediation } from '../authorize-order';
import { holdFor } from '../hold-for';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Rejects the plan: the rule does not change the resource until the exemption ends, or an operator releases it. */
export async function reject(order: Orders['reject'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history, policy } = authorized;
  const { dynamo, orders, coordination } = ports;
  const { remediation, rule, lease, write } = history;
  const { why, plan } = order;
  const ask = await pending();
  if (ask && plan !== undefined && !ask.hash.startsWith(plan)) {
    const reason = `The plan has changed: the request is for ${plan}, and ${ask.hash.slice(0, 16)} awaits approval. Review the present plan.`;
    return history.refuse({ order: 'reject', by }, 'conflict', { code: 'plan-changed', reason });
  }
  if (!ask) return refuseAnswered(`Remediation ${remediation} does not await approval.`);

  // The approval is removed first, as a remaining one would permit the change. The pending plan is removed last, so that an interrupted
  // rejection can be repeated.
  await removeApproval(dynamo, orders, { rule: rule.id, remediation });
  // A permit that used the approval a moment ago has removed the pending plan with it.
  if (!(await pending()))
    return refuseAnswered(`The plan of remediation ${remediation} was approved, and the rule applies it. Request a rollback instead.`);
  const until = await holdFor({ history, policy, by, why: `rejected: ${why}` }, ports);
  const then =
    until !== undefined
      ? `The ${holdEffect(rule, until)}.`
      : 'The next finding requests approval again, because the policy sets no exemption (`rollbacks.exemptDays`).';
  const reason = `${by} rejected the plan: ${why}. ${then}`;
  await write({ kind: 'rejected', outcome: 'rejected', reason, actor: by, ...(until !== undefined && { until }) });
  await removeAsk(dynamo, coordination, rule.id, lease);
  return accept(reason, remediation);

  async function pending(): Promise<OpenAsk | undefined> {
    const found = await getAsk(dynamo, coordination, rule.id, lease);
    return found?.remediation === remediation ? found : undefined;
  }

  function refuseAnswered(reason: string): Promise<Reply> {
    return history.refuse({ order: 'reject', by }, 'conflict', { code: 'not-awaiting-approval', reason });
  }
}

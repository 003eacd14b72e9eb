import { removeApproval } from '../../coordination/approval';
import { putHold } from '../../coordination/hold';
import { getAsk, removeAsk } from '../../coordination/pending-approval';
import { days } from '../../duration';
import { authorizeForRemediation } from '../authorize-order';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Rejects the plan: the rule does not change the resource until the exemption ends, or an operator releases it. */
export async function reject(order: Orders['reject'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history, policy } = authorized;
  const { dynamo, coordination, clock } = ports;
  const { remediation, rule, lease, write } = history;
  const { why } = order;
  const ask = await getAsk(dynamo, coordination, rule.id, lease);
  if (!ask || ask.remediation !== remediation)
    return history.refuse({ order: 'reject', by }, 'conflict', {
      code: 'not-awaiting-approval',
      reason: `Remediation ${remediation} does not await approval.`,
    });

  const now = clock.now();
  const { exemptDays } = policy.rollbacks;
  const until = new Date(now.getTime() + days(exemptDays)).toISOString();
  // The approval is removed first, as a remaining one would permit the change. The pending plan is removed last, so that an interrupted
  // rejection can be repeated.
  await removeApproval(dynamo, coordination, remediation);
  if (exemptDays > 0) {
    const attribution = { by, at: now.toISOString(), why: `rejected: ${why}` };
    await putHold(dynamo, coordination, { rule: rule.id, resource: lease, attribution, until });
  }
  const then =
    exemptDays > 0
      ? `The rule does not change the resource until ${until}, or until an approver releases it.`
      : 'The next finding requests approval again, because the policy sets no exemption (`rollbacks.exemptDays`).';
  const reason = `${by} rejected the plan: ${why}. ${then}`;
  await write({ kind: 'rejected', outcome: 'rejected', reason, actor: by, ...(exemptDays > 0 && { until }) });
  await removeAsk(dynamo, coordination, rule.id, lease);
  return accept(reason, remediation);
}

import { removeApproval } from '../../coordination/approval';
import { putHold } from '../../coordination/hold';
import { getAsk, removeAsk } from '../../coordination/pending-approval';
import { authorizeForRemediation } from '../authorize-order';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Rejects the plan that waits: the rule leaves the resource alone until that is over, or a person releases it. */
export async function reject(order: Orders['reject'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history, policy } = authorized;
  const { dynamo, coordination, clock } = ports;
  const { rule, lease, write } = history;
  const { remediation, why } = order;
  const ask = await getAsk(dynamo, coordination, rule.id, lease);
  if (!ask || ask.remediation !== remediation)
    return history.refuse({ order: 'reject', by }, 'conflict', `Remediation ${remediation} waits for no approval.`);

  const now = clock.now();
  const { exemptDays } = policy.rollbacks;
  const until = new Date(now.getTime() + exemptDays * 86_400_000).toISOString();
  // First the approval: an ask that is left waits, an approval that is left lets through. The ask goes last, so that who was interrupted can
  // reject again.
  await removeApproval(dynamo, coordination, remediation);
  if (exemptDays > 0) {
    const attribution = { by, at: now.toISOString(), why: `rejected: ${why}` };
    await putHold(dynamo, coordination, { rule: rule.id, resource: lease, attribution, until });
  }
  const then =
    exemptDays > 0
      ? `The rule leaves the resource alone until ${until}, or until a person releases it.`
      : 'The next finding asks again, as the policy exempts for no time (`rollbacks.exemptDays`).';
  const reason = `${by} rejected it: ${why}. ${then}`;
  await write({ kind: 'rejected', outcome: 'rejected', reason, actor: by, ...(exemptDays > 0 && { until }) });
  await removeAsk(dynamo, coordination, rule.id, lease);
  return accept(reason, remediation);
}

import { removeApproval } from '../../coordination/approval';
import { isHeld, putHold, removeHold } from '../../coordination/hold';
import { getAsk, removeAsk } from '../../coordination/pending-approval';
import type { Policy } from '../../policy/policy';
import { forbidden } from '../authorize';
import { historyOf } from '../history';
import { accept, type Order, type Reply } from '../order';
import type { ControlPorts } from '../ports';

/** Rejects the plan that waits: the rule leaves the resource alone until that is over, or a person releases it. */
export async function reject(
  { remediation, why }: Extract<Order, { order: 'reject' }>,
  by: string,
  policy: Policy,
  ports: ControlPorts,
): Promise<Reply> {
  const history = await historyOf(remediation, ports);
  if ('refusal' in history) return history.refusal;
  const { dynamo, coordination, clock } = ports;
  const { rule, first, lease, write } = history;
  const no = await forbidden(by, { event: first, rule }, { policy, ousOf: ports.ousOf });
  if (no !== undefined) return history.refuse({ name: 'rejection', by }, 'forbidden', no);
  const ask = await getAsk(dynamo, coordination, rule.id, lease);
  if (!ask || ask.remediation !== remediation)
    return history.refuse({ name: 'rejection', by }, 'conflict', `Remediation ${remediation} waits for no approval.`);

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

/** Lets the rule fix the resource again, after a rollback or a rejection. */
export async function release(
  { remediation, why }: Extract<Order, { order: 'release' }>,
  by: string,
  policy: Policy,
  ports: ControlPorts,
): Promise<Reply> {
  const history = await historyOf(remediation, ports);
  if ('refusal' in history) return history.refusal;
  const { rule, first, lease, write } = history;
  const no = await forbidden(by, { event: first, rule }, { policy, ousOf: ports.ousOf });
  if (no !== undefined) return history.refuse({ name: 'release', by }, 'forbidden', no);
  if (!(await isHeld(ports.dynamo, ports.coordination, rule.id, lease)))
    return history.refuse({ name: 'release', by }, 'conflict', `The rule ${rule.id} is not kept from this resource.`);
  await write({ kind: 'released', reason: `${by} lets the rule fix it again: ${why}.`, actor: by });
  await removeHold(ports.dynamo, ports.coordination, rule.id, lease);
  return accept('Released: the next finding is handled as the policy says.', remediation);
}

import { getAsk, removeAsk } from '../coordination/ask';
import { putHold, removeHold } from '../coordination/hold';
import { removeApproval } from '../coordination/order';
import type { Policy } from '../policy/policy';
import { forbidden } from './authorize';
import { historyOf } from './history';
import { accept, type Order, type Reply, refuse } from './order';
import type { ControlTools } from './tools';

/** Rejects the plan that waits: the rule leaves the resource alone until that is over, or a person releases it. */
export async function reject(
  { remediation, why }: Extract<Order, { order: 'reject' }>,
  by: string,
  policy: Policy,
  tools: ControlTools,
): Promise<Reply> {
  const history = await historyOf(remediation, tools);
  if ('refusal' in history) return history.refusal;
  const { dynamo, coordination, clock } = tools;
  const { rule, first, lease, write } = history;
  const no = await forbidden(by, { event: first, rule }, { policy, ousOf: tools.ousOf });
  if (no !== undefined) return refuse('forbidden', no);
  const ask = await getAsk(dynamo, coordination, rule.id, lease);
  if (!ask || ask.remediation !== remediation) return refuse('conflict', `Remediation ${remediation} waits for no approval.`);

  const now = clock.now();
  const until = new Date(now.getTime() + policy.rollbacks.exemptDays * 86_400_000).toISOString();
  if (policy.rollbacks.exemptDays > 0) {
    await putHold(dynamo, coordination, {
      rule: rule.id,
      resource: lease,
      word: { by, at: now.toISOString(), why: `rejected: ${why}` },
      until,
    });
  }
  // First the approval: an ask that is left waits, an approval that is left lets through.
  await removeApproval(dynamo, coordination, remediation);
  await removeAsk(dynamo, coordination, rule.id, lease);
  const reason = `${by} rejected it: ${why}. The rule leaves the resource alone until ${until}, or until a person releases it.`;
  await write({ kind: 'rejected', outcome: 'rejected', reason, actor: by, until });
  return accept(reason, remediation);
}

/** Lets the rule fix the resource again, after a rollback or a rejection. */
export async function release(
  { remediation, why }: Extract<Order, { order: 'release' }>,
  by: string,
  policy: Policy,
  tools: ControlTools,
): Promise<Reply> {
  const history = await historyOf(remediation, tools);
  if ('refusal' in history) return history.refusal;
  const { rule, first, lease, write } = history;
  const no = await forbidden(by, { event: first, rule }, { policy, ousOf: tools.ousOf });
  if (no !== undefined) return refuse('forbidden', no);
  const held = await removeHold(tools.dynamo, tools.coordination, rule.id, lease);
  if (!held) return refuse('conflict', `The rule ${rule.id} is not kept from this resource.`);
  await write({ kind: 'released', reason: `${by} lets the rule fix it again: ${why}.`, actor: by });
  return accept('Released: the next finding is handled as the policy says.', remediation);
}

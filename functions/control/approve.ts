import { getAsk } from '../coordination/ask';
import { putApproval } from '../coordination/order';
import type { Policy } from '../policy/policy';
import { forbidden } from './authorize';
import { type History, historyOf } from './history';
import { accept, type Order, type Reply, refuse } from './order';
import type { ControlTools } from './tools';

type Answered = Extract<Order, { order: 'approve' }>;

/** Approves the plan that waits: puts the approval on record and has the rule's function look again. It changes only what was approved. */
export async function approve({ remediation, why }: Answered, by: string, policy: Policy, tools: ControlTools): Promise<Reply> {
  const history = await historyOf(remediation, tools);
  if ('refusal' in history) return history.refusal;
  const { dynamo, coordination, clock, invoke } = tools;
  const { rule, first, lease, write } = history;

  const refused = async (kind: 'forbidden' | 'conflict', reason: string): Promise<Reply> => {
    await write({ kind: 'approval-refused', reason, actor: by });
    return refuse(kind, reason);
  };

  const no = await forbidden(by, { event: first, rule }, { policy, ousOf: tools.ousOf });
  if (no !== undefined) return refused('forbidden', no);
  const ask = await getAsk(dynamo, coordination, rule.id, lease);
  const now = clock.now();
  if (!ask || ask.remediation !== remediation) {
    const instead = ask ? ` What waits for this resource is remediation ${ask.remediation}.` : '';
    return refused(
      'conflict',
      `Remediation ${remediation} waits for no approval: it was answered, or its plan is not the latest.${instead}`,
    );
  }
  if (new Date(ask.expires) <= now)
    return refused('conflict', `It waited for an approval until ${ask.expires}. The next finding asks again.`);
  const own = policy.approvals.fourEyes ? ownDeed(by, ask) : undefined;
  if (own !== undefined) return refused('forbidden', own);

  const at = now.toISOString();
  const expires = new Date(now.getTime() + policy.approvals.hours * 3_600_000).toISOString();
  const other = await putApproval(dynamo, coordination, remediation, { by, at, why: why ?? '', hash: ask.hash, expires });
  if (other) return accept(`${other.by} approved this plan at ${other.at} already.`, remediation);
  if (!isApproved(history, ask.hash, by))
    await write({ kind: 'approved', reason: said(by, why), actor: by, plan: ask.hash, until: expires });
  await invoke(rule.id, ask.message);
  return accept('Approved: the rule looks at the resource again, and fixes it if the plan is still the same.', remediation);
}

function ownDeed(
  by: string,
  { requestedBy, changedBy }: { readonly requestedBy?: string; readonly changedBy?: string },
): string | undefined {
  if (requestedBy === by) return `${by} asked for this fix, and somebody else has to approve it.`;
  if (changedBy === by) return `${by} changed the resource last, and somebody else has to approve its fix.`;
  return undefined;
}

/** The same approval came before: it is not written twice. */
const isApproved = ({ events }: History, hash: string, by: string): boolean => {
  const last = events.at(-1);
  return last?.kind === 'approved' && last.plan === hash && last.actor === by;
};

const said = (by: string, why: string | undefined): string => `${by} approved it${why ? `: ${why}` : ''}.`;

import { putApproval } from '../../coordination/approval';
import { getAsk, type OpenAsk } from '../../coordination/pending-approval';
import { isSamePerson } from '../../decision/same-person';
import type { Policy } from '../../policy/policy';
import { authorizeForRemediation } from '../authorize-order';
import { anybodyInSecurityHub } from '../custom-action-request';
import type { History } from '../history';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type Reply } from '../reply';

/** Approves the plan that waits: puts the approval on record and has the rule's function look again. It changes only what was approved. */
export async function approve(order: Orders['approve'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history, policy } = authorized;
  const { dynamo, coordination, clock, invoke } = ports;
  const { rule, lease, write } = history;
  const { remediation, why } = order;

  const now = clock.now();
  const ask = answerable(await getAsk(dynamo, coordination, rule.id, lease), order, now);
  if ('conflict' in ask) return history.refuse({ order: 'approve', by }, 'conflict', ask.conflict);
  const own = ownDeed(by, ask, policy.approvals);
  if (own !== undefined) return history.refuse({ order: 'approve', by }, 'forbidden', own);

  const at = now.toISOString();
  const expires = new Date(now.getTime() + policy.approvals.hours * 3_600_000).toISOString();
  const other = await putApproval(dynamo, coordination, remediation, { by, at, why: why ?? '', hash: ask.hash, expires });
  if (other) return accept(`${other.by} approved this plan at ${other.at} already.`, remediation);
  if (!isApproved(history, ask.hash, by))
    await write({ kind: 'approved', reason: said(by, why), actor: by, plan: ask.hash, until: expires });
  await invoke(rule.id, ask.message);
  return accept(
    `Approved: the rule looks at the resource again, and fixes it if the plan is still the same. \`posture log --remediation ${remediation}\` tells what came of it.`,
    remediation,
  );
}

/** The plan that waits, or why it is none that this order can approve. */
function answerable(
  ask: OpenAsk | undefined,
  { remediation, plan }: Orders['approve'],
  now: Date,
): OpenAsk | { readonly conflict: string } {
  if (!ask || ask.remediation !== remediation) {
    const instead = ask ? ` What waits for this resource is remediation ${ask.remediation}.` : '';
    return { conflict: `Remediation ${remediation} waits for no approval: it was answered, or its plan is not the latest.${instead}` };
  }
  if (new Date(ask.expires) <= now) return { conflict: `It waited for an approval until ${ask.expires}. The next finding asks again.` };
  if (plan === undefined || ask.hash.startsWith(plan)) return ask;
  return {
    conflict: `The plan that was shown (${plan}) is not the one that waits (${ask.hash.slice(0, 16)}): the resource has changed. Look at it again.`,
  };
}

function ownDeed(by: string, { requestedBy, changedBy, message }: OpenAsk, approvals: Policy['approvals']): string | undefined {
  if (!approvals.fourEyes) return undefined;
  const deeds = [
    [requestedBy, 'asked for this fix'],
    [changedBy, 'changed the resource last'],
  ] as const;
  for (const [who, deed] of deeds) {
    if (who === undefined || !isSamePerson(by, who, approvals.personalSessions)) continue;
    return `${by}${who === by ? '' : `, who may be ${who},`} ${deed}, and somebody else has to approve it.`;
  }
  if (by === anybodyInSecurityHub && message.finding.source === 'security-hub-custom-action')
    return 'A custom action asked for this fix, and who approves by one may be the same person: give the approval by name.';
  return undefined;
}

/** The same approval came before: it is not written twice. */
const isApproved = ({ events }: History, hash: string, by: string): boolean => {
  const last = events.at(-1);
  return last?.kind === 'approved' && last.plan === hash && last.actor === by;
};

const said = (by: string, why: string | undefined): string => `${by} approved it${why ? `: ${why}` : ''}.`;

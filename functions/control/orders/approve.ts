import type { Rule } from '../../../rules/rule';
import { putApproval } from '../../coordination/approval';
import { getAsk, type OpenAsk } from '../../coordination/pending-approval';
import { comparePeople, howToTell } from '../../decision/same-person';
import { hours, minutes } from '../../duration';
import { isAnswerer, personOf } from '../../policy/answerer';
import type { Policy } from '../../policy/policy';
import { policyFor } from '../../policy/policy-for';
import { isPrincipal } from '../../policy/principal';
import { isOfRequester, requesterNamed } from '../../policy/requester';
import { authorizeForRemediation } from '../authorize-order';
import { anybodyInSecurityHub } from '../custom-action-request';
import type { History } from '../history';
import type { Orders } from '../order';
import type { ControlPorts } from '../ports';
import { accept, type RefusalReason, type Reply } from '../reply';

/** Approves the plan that awaits approval: records the approval and invokes the rule's function, which applies only the approved plan. */
export async function approve(order: Orders['approve'], by: string, ports: ControlPorts): Promise<Reply> {
  const authorized = await authorizeForRemediation(order, by, ports);
  if ('refusal' in authorized) return authorized.refusal;
  const { history } = authorized;
  const policy = policyFor(history.rule, authorized.policy);
  const { dynamo, orders, coordination, clock, invoke } = ports;
  const { remediation, rule, lease, write } = history;
  const { why } = order;

  const now = clock.now();
  const ask = answerable(await getAsk(dynamo, coordination, rule.id, lease), { ...order, remediation }, now);
  if ('conflict' in ask) return history.refuse({ order: 'approve', by }, 'conflict', ask.conflict);
  const person = personOf(by, policy) ?? by;
  const own = tooRemote(by, rule, policy) ?? ownRequest(person, ask, policy) ?? ownDeed(person, ask, policy.approvals);
  if (own !== undefined) return history.refuse({ order: 'approve', by }, 'forbidden', own);

  const at = now.toISOString();
  const expires = new Date(now.getTime() + hours(policy.approvals.hours)).toISOString();
  const approval = { by, at, why: why ?? '', hash: ask.hash, expires };
  const other = await putApproval(dynamo, orders, { rule: rule.id, remediation }, approval);
  if (other) {
    // If the function of that request ended before it invoked the rule, nobody else would.
    const isLate = now.getTime() - Date.parse(other.at) > minutes(1);
    if (isLate && !history.events.some(({ kind, time }) => kind === 'planned' && time >= other.at)) await invoke(rule.id, ask.message);
    return accept(`${other.by} already approved this plan at ${other.at}.`, remediation);
  }
  if (!isApproved(history, ask.hash, by))
    await write({ kind: 'approved', reason: said(by, why), actor: by, plan: ask.hash, until: expires });
  await invoke(rule.id, ask.message);
  return accept(
    `Approved. The rule inspects the resource again, and applies the plan if it has not changed. Follow it with \`posture log --remediation ${remediation}\`.`,
    remediation,
  );
}

/** The plan that awaits approval, or why this request can't approve it. */
function answerable(
  ask: OpenAsk | undefined,
  { remediation, plan }: Orders['approve'],
  now: Date,
): OpenAsk | { readonly conflict: RefusalReason } {
  if (!ask || ask.remediation !== remediation) {
    const instead = ask ? ` For this resource, remediation ${ask.remediation} awaits approval.` : '';
    const reason = `Remediation ${remediation} does not await approval: it was answered, or a newer plan replaced it.${instead}`;
    return { conflict: { code: 'not-awaiting-approval', reason } };
  }
  if (new Date(ask.expires) <= now) {
    const reason = `The deadline for the approval was ${ask.expires}. The next finding requests approval again.`;
    return { conflict: { code: 'approval-expired', reason } };
  }
  if (plan === undefined || ask.hash.startsWith(plan)) return ask;
  const reason = `The plan has changed: the request is for ${plan}, and ${ask.hash.slice(0, 16)} awaits approval. Review the present plan.`;
  return { conflict: { code: 'plan-changed', reason } };
}

/** Why a response to a threat can't be approved from afar: whoever holds a session of a tracker or a chat would contain resources. */
function tooRemote(by: string, { response }: Pick<Rule, 'response'>, { approvals }: Policy): RefusalReason | undefined {
  if (!response) return undefined;
  if (!isAnswerer(by) && !approvals.channelRoles.some((role) => isPrincipal(by, role))) return undefined;
  const reason = `A response to a threat can't be approved in a ticket or a chat, as by ${by}. Approve it with \`posture approve\`.`;
  return { code: 'not-by-answer', reason };
}

/**
 * Why somebody who may be the requesting tool can't approve. It does not depend on four eyes: otherwise whoever may only ask could fix. By the
 * policy of now: a tool that it names no more is known by nothing.
 */
function ownRequest(by: string, { message: { finding } }: OpenAsk, policy: Policy): RefusalReason | undefined {
  const { requester } = finding;
  if (requester === undefined) return undefined;
  if (by === anybodyInSecurityHub)
    return {
      code: 'unnamed-approver',
      reason: `${requester} requested the fix, and a custom action does not tell who approves it. Approve it with \`posture approve\`.`,
    };
  const known = requesterNamed(policy, requester);
  if (!known)
    return {
      code: 'unknown-requester',
      reason: `The policy has no requester ${requester} any more, so nobody can tell whether ${by} is its principal.`,
    };
  if (isOfRequester(by, known))
    return {
      code: 'own-request',
      reason: `${by} is a principal of ${requester}, which requested this fix. Another approver must approve it.`,
    };
  if (!policy.approvals.fourEyes) return undefined;
  for (const user of known.principals.filter((one) => one.includes(':user/'))) {
    const person = comparePeople(by, user, policy.approvals);
    if (person === 'same')
      return {
        code: 'own-request',
        reason: `${by} may be ${user}, a principal of ${requester}, which requested this fix. Another approver must approve it.`,
      };
    if (person !== 'different')
      return {
        code: 'person-unknown',
        reason: `${by} may be ${user}, a principal of ${requester}, which requested this fix: ${howToTell(person.unknown)}.`,
      };
  }
  return undefined;
}

function ownDeed(by: string, { requestedBy, changedBy, message }: OpenAsk, approvals: Policy['approvals']): RefusalReason | undefined {
  if (!approvals.fourEyes) return undefined;
  const deeds = [
    [requestedBy, 'requested this fix', 'own-request'],
    [changedBy, 'changed the resource last', 'own-change'],
  ] as const;
  for (const [who, deed, code] of deeds) {
    const person = who === undefined ? 'different' : comparePeople(by, who, approvals);
    if (person === 'different') continue;
    if (person === 'same')
      return { code, reason: `${by}${who === by ? '' : `, who may be ${who},`} ${deed}. Another approver must approve it.` };
    return { code: 'person-unknown', reason: `${by} may be who ${deed}, ${who}: ${howToTell(person.unknown)}.` };
  }
  if (by === anybodyInSecurityHub && message.finding.source === 'security-hub-custom-action')
    return {
      code: 'unnamed-approver',
      reason: 'The fix was requested with a custom action, possibly by the same person. Approve it with `posture approve`.',
    };
  return undefined;
}

/** Whether the same approval is logged already. */
const isApproved = ({ events }: History, hash: string, by: string): boolean => {
  const last = events.at(-1);
  return last?.kind === 'approved' && last.plan === hash && last.actor === by;
};

const said = (by: string, why: string | undefined): string => `${by} approved the plan${why ? `: ${why}` : ''}.`;

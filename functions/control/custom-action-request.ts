import * as z from 'zod';
import { findEntry, type LogEntry } from '../log/query';
import { nameOf } from '../log/trail';
import { envelopeShape } from '../sources/envelope';
import { originOf, originShape } from '../sources/security-hub/asff';
import { customActionId } from '../sources/security-hub/custom-action';
import { placeOf } from '../sources/security-hub/origin';
import { check } from '../sources/shape';
import { quote } from '../untrusted-text';
import { fixRefused } from './fix-refused';
import type { About, OrderRequest } from './order-request';
import { waitingFor } from './pending-plan';
import type { ControlPorts } from './ports';
import { refuse } from './reply';

/** The principal in the policy for all users of custom actions: Security Hub does not identify the user. */
export const anybodyInSecurityHub = 'security-hub-custom-action';

const orders = { PostureApprove: 'approve', PostureReject: 'reject', PostureRollback: 'rollback' } as const;
const customActionOrders = Object.keys(orders) as readonly (keyof typeof orders)[];
/** The custom actions that the control function answers: a fix is made by the rule's function, and only a refusal is answered here. */
export const customActions = [...customActionOrders, customActionId] as const;

/** The events of a custom action: on findings, and on the results of an insight. */
export const customActionEvents = { findings: 'Security Hub Findings - Custom Action', insight: 'Security Hub Insight Results' } as const;

const onFindings = envelopeShape.extend({
  source: z.literal('aws.securityhub'),
  'detail-type': z.literal(customActionEvents.findings),
  resources: z.array(z.string()).min(1),
  detail: z.looseObject({ findings: z.array(z.unknown()).max(100) }),
});
const onInsight = onFindings.extend({ 'detail-type': z.literal(customActionEvents.insight), detail: z.unknown() });
const event = z.union([onFindings, onInsight]);
const isOnInsight = (one: z.infer<typeof event>): one is z.infer<typeof onInsight> => one['detail-type'] === customActionEvents.insight;

const controlShape = z.object({ Compliance: z.object({ SecurityControlId: z.string() }) });

/**
 * The requests of a custom action: one for the latest matching remediation of each finding, or why there is none. Of the custom action that
 * requests fixes, only the refusals. Undefined for any other event.
 */
export async function readCustomActionOrders(given: unknown, ports: ControlPorts): Promise<readonly OrderRequest[] | undefined> {
  const parsed = event.safeParse(given);
  if (!parsed.success) return undefined;
  const envelope = parsed.data;
  const { account, region, resources } = envelope;
  const name = customActions.find((one) => resources.some((arn) => arn.endsWith(`:securityhub:${region}:${account}:action/custom/${one}`)));
  // The custom actions exist only in the central account.
  if (!name || account !== ports.central.account) return undefined;
  const by = anybodyInSecurityHub;
  if (isOnInsight(envelope)) {
    const reason = `The custom action ${name} was used on an insight. Open the insight, select findings, and use the action on them.`;
    return [{ by, refusal: refuse('invalid', 'insight-results', reason) }];
  }
  const { findings } = envelope.detail;
  if (name === customActionId)
    return findings.flatMap((finding) => fixRefused(finding, envelope, ports) ?? []).map((one) => ({ by, ...one }));
  const order = orders[name];
  return Promise.all(findings.map((finding, index) => orderFor(finding, `detail.findings[${index}]`)));

  async function orderFor(finding: unknown, at: string): Promise<OrderRequest> {
    const origin = check(originShape, finding, at);
    if ('problem' in origin) return { by, refusal: refuse('invalid', 'malformed-event', origin.problem) };
    // A principal that can import findings could forge the id of another finding.
    const place = placeOf(originOf(origin.value, at), envelope, { centralAccount: account });
    if ('problem' in place) return { by, refusal: refuse('forbidden', place.code, place.problem) };
    const about: About = { ...place, finding: origin.value.Id, source: 'security-hub-custom-action' };
    const control = controlShape.safeParse(finding).data?.Compliance.SecurityControlId;
    const remediation = await remediationOf(origin.value.Id, control);
    if (remediation === 'beyond') {
      const reason = `The newest records of the finding ${quote(origin.value.Id)} in the log are not of functions, and there are too many to look for older ones. Use the command line with the id of the remediation.`;
      return { by, about, refusal: refuse('conflict', 'too-many-records', reason) };
    }
    if (remediation === 'none') {
      const [code, missing] =
        order === 'rollback'
          ? (['nothing-to-roll-back', 'fix to roll back'] as const)
          : (['not-awaiting-approval', 'plan that awaits approval'] as const);
      return { by, about, refusal: refuse('not-found', code, `The finding ${quote(origin.value.Id)} has no ${missing}.`) };
    }
    return { by, about, given: { order, remediation, why: `with the custom action ${name}` } };
  }

  /** The latest matching remediation of the finding: a plan may await approval in the remediation of an earlier delivery. */
  async function remediationOf(finding: string, control: string | undefined): Promise<string> {
    const wanted = order === 'rollback' ? ['fixed', 'partly-fixed'] : ['awaiting-approval', 'partly-fixed'];
    // A function of another rule could log that it handled this finding.
    const isMeant = ({ by, rule }: LogEntry) => by === 'rule' && (control === undefined || detects(rule, control));
    const { entry: latest, forged } = await findEntry(
      ports.dynamo,
      ports.logTable,
      { finding },
      (entry) => entry.outcome !== undefined && wanted.includes(entry.outcome) && isMeant(entry),
    );
    ports.countForged(forged);
    if (typeof latest === 'string') return latest;
    if (order === 'rollback') return nameOf(latest);
    const waiting = await waitingFor(nameOf(latest), ports);
    return nameOf({ ...latest, ...(waiting !== undefined && { remediation: waiting }) });
  }

  function detects(rule: string, control: string): boolean {
    return ports.rules.get(rule)?.detectedBy.securityHub.includes(control) === true;
  }
}

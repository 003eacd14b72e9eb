import * as z from 'zod';
import { forgedIn, type LogEntry, queryLog } from '../log/query';
import { nameOf } from '../log/trail';
import { envelopeShape } from '../sources/envelope';
import { originShape } from '../sources/security-hub/asff';
import { placeOf } from '../sources/security-hub/origin';
import { check } from '../sources/shape';
import { quote } from '../untrusted-text';
import type { OrderRequest } from './order-request';
import { waitingFor } from './pending-plan';
import type { ControlPorts } from './ports';
import { refuse } from './reply';

/** The principal in the policy for all users of custom actions: Security Hub does not identify the user. */
export const anybodyInSecurityHub = 'security-hub-custom-action';

const orders = { PostureApprove: 'approve', PostureReject: 'reject', PostureRollback: 'rollback' } as const;
export const customActionOrders = Object.keys(orders) as readonly (keyof typeof orders)[];

const event = envelopeShape.extend({
  source: z.literal('aws.securityhub'),
  'detail-type': z.literal('Security Hub Findings - Custom Action'),
  resources: z.array(z.string()).min(1),
  detail: z.object({ findings: z.array(z.unknown()).max(100) }),
});

const controlShape = z.object({ Compliance: z.object({ SecurityControlId: z.string() }) });

/** The requests of a custom action: one for the latest matching remediation of each finding. Undefined for any other event. */
export async function readCustomActionOrders(given: unknown, ports: ControlPorts): Promise<readonly OrderRequest[] | undefined> {
  const parsed = event.safeParse(given);
  if (!parsed.success) return undefined;
  const { account, region, resources, detail } = parsed.data;
  const name = customActionOrders.find((one) =>
    resources.some((arn) => arn.endsWith(`:securityhub:${region}:${account}:action/custom/${one}`)),
  );
  // The custom actions exist only in the central account.
  if (!name || account !== ports.central.account) return undefined;
  const envelope = parsed.data;
  const order = orders[name];
  const by = anybodyInSecurityHub;
  return Promise.all(detail.findings.map((finding, index) => orderFor(finding, `detail.findings[${index}]`)));

  async function orderFor(finding: unknown, at: string): Promise<OrderRequest> {
    const origin = check(originShape, finding, at);
    if ('problem' in origin) return { by, refusal: refuse('invalid', 'malformed-event', origin.problem) };
    // A principal that can import findings could forge the id of another finding.
    const place = placeOf(origin.value, envelope, { centralAccount: account }, at);
    if ('problem' in place) return { by, refusal: refuse('forbidden', place.code, place.problem) };
    const control = controlShape.safeParse(finding).data?.Compliance.SecurityControlId;
    const remediation = await remediationOf(origin.value.Id, control);
    if (remediation === undefined) {
      const [code, missing] =
        order === 'rollback'
          ? (['nothing-to-roll-back', 'fix to roll back'] as const)
          : (['not-awaiting-approval', 'plan that awaits approval'] as const);
      return { by, refusal: refuse('not-found', code, `The finding ${quote(origin.value.Id)} has no ${missing}.`) };
    }
    return { by, given: { order, remediation, why: `with the custom action ${name}` } };
  }

  /** The latest matching remediation of the finding: a plan may await approval in the remediation of an earlier delivery. */
  async function remediationOf(finding: string, control: string | undefined): Promise<string | undefined> {
    const wanted = order === 'rollback' ? ['fixed', 'partly-fixed'] : ['awaiting-approval', 'partly-fixed'];
    const { entries } = await queryLog(ports.dynamo, ports.logTable, { finding }, { limit: 50 });
    ports.countForged(forgedIn(entries));
    // A function of another rule could log that it handled this finding.
    const isMeant = ({ by, forged, rule }: LogEntry) =>
      by === 'rule' && forged === undefined && (control === undefined || detects(rule, control));
    const latest = entries.find((entry) => entry.outcome !== undefined && wanted.includes(entry.outcome) && isMeant(entry));
    if (!latest || order === 'rollback') return latest && nameOf(latest);
    const waiting = await waitingFor(nameOf(latest), ports);
    return nameOf({ ...latest, ...(waiting !== undefined && { remediation: waiting }) });
  }

  function detects(rule: string, control: string): boolean {
    return ports.rules.get(rule)?.detectedBy.securityHub.includes(control) === true;
  }
}

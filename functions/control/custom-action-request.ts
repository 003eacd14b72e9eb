import * as z from 'zod';
import { queryLog } from '../log/query';
import { envelopeShape } from '../sources/envelope';
import { originShape } from '../sources/security-hub/asff';
import { placeOf } from '../sources/security-hub/origin';
import { check } from '../sources/shape';
import { quote } from '../untrusted-text';
import type { OrderRequest } from './order-request';
import { waitingFor } from './pending-plan';
import type { ControlPorts } from './ports';
import { refuse } from './reply';

/** The principal that stands in the policy for everybody who may use custom actions: Security Hub does not tell who did. */
export const anybodyInSecurityHub = 'security-hub-custom-action';

const orders = { PostureApprove: 'approve', PostureReject: 'reject', PostureRollback: 'rollback' } as const;
export const customActionOrders = Object.keys(orders) as readonly (keyof typeof orders)[];

const event = envelopeShape.extend({
  source: z.literal('aws.securityhub'),
  'detail-type': z.literal('Security Hub Findings - Custom Action'),
  resources: z.array(z.string()).min(1),
  detail: z.object({ findings: z.array(z.unknown()).max(100) }),
});

/** The orders of a custom action: one for the latest remediation of each finding that it can be about. Undefined for any other event. */
export async function readCustomActionOrders(given: unknown, ports: ControlPorts): Promise<readonly OrderRequest[] | undefined> {
  const parsed = event.safeParse(given);
  if (!parsed.success) return undefined;
  const { account, region, resources, detail } = parsed.data;
  const name = customActionOrders.find((one) =>
    resources.some((arn) => arn.endsWith(`:securityhub:${region}:${account}:action/custom/${one}`)),
  );
  // Only in the hub's account people can use the custom actions.
  if (!name || account !== ports.central.account) return undefined;
  const envelope = parsed.data;
  const order = orders[name];
  const by = anybodyInSecurityHub;
  return Promise.all(detail.findings.map((finding, index) => orderFor(finding, `detail.findings[${index}]`)));

  async function orderFor(finding: unknown, at: string): Promise<OrderRequest> {
    const origin = check(originShape, finding, at);
    if ('problem' in origin) return { by, refusal: refuse('invalid', origin.problem) };
    // Whoever may import findings could give one the id of another, and have a person answer for that.
    const place = placeOf(origin.value, envelope, { centralAccount: account }, at);
    if ('problem' in place) return { by, refusal: refuse('forbidden', place.problem) };
    const remediation = await remediationOf(origin.value.Id);
    if (remediation === undefined) {
      const nothing = order === 'rollback' ? 'was fixed' : 'waits for an approval';
      return { by, refusal: refuse('not-found', `Nothing ${nothing} of the finding ${quote(origin.value.Id)}.`) };
    }
    return { by, given: { order, remediation, why: `by the custom action ${name}` } };
  }

  /** What was done for the finding last, or waits: it may wait under the remediation of an earlier delivery. */
  async function remediationOf(finding: string): Promise<string | undefined> {
    const wanted = order === 'rollback' ? ['fixed', 'partly-fixed'] : ['awaiting-approval', 'partly-fixed'];
    const { entries } = await queryLog(ports.dynamo, ports.logTable, { finding }, { limit: 50 });
    const latest = entries.find(({ outcome }) => outcome !== undefined && wanted.includes(outcome));
    if (!latest || order === 'rollback') return latest?.remediation;
    return (await waitingFor(latest.remediation, ports)) ?? latest.remediation;
  }
}

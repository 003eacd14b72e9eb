import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type LogEntry, queryLog } from '../log/query';

/** The principal that stands in the policy for everybody who may use custom actions: Security Hub does not tell who did. */
export const anybodyInSecurityHub = 'security-hub-custom-action';

const orders = { PostureApprove: 'approve', PostureReject: 'reject', PostureRollback: 'rollback' } as const;
export const customActionOrders = Object.keys(orders) as readonly (keyof typeof orders)[];

const event = z.object({
  source: z.literal('aws.securityhub'),
  'detail-type': z.literal('Security Hub Findings - Custom Action'),
  account: z.string(),
  region: z.string(),
  resources: z.array(z.string()).min(1),
  detail: z.object({ findings: z.array(z.object({ Id: z.string().min(1).max(2048) })).max(100) }),
});

/** The orders of a custom action: one for the latest remediation of each finding that it can be about. Undefined for any other event. */
export async function readCustomActionOrders(
  given: unknown,
  {
    dynamo,
    table,
    hubAccount,
    waitingFor,
  }: {
    readonly dynamo: DynamoDBClient;
    readonly table: string;
    /** Only in this account people can use the custom actions. */
    readonly hubAccount: string;
    /** The remediation whose plan waits for the resource: a finding that came again is asked for under the first. */
    readonly waitingFor: (latest: Pick<LogEntry, 'remediation'>) => Promise<string | undefined>;
  },
): Promise<readonly unknown[] | undefined> {
  const parsed = event.safeParse(given);
  if (!parsed.success) return undefined;
  const { account, region, resources, detail } = parsed.data;
  const name = customActionOrders.find((one) =>
    resources.some((arn) => arn.endsWith(`:securityhub:${region}:${account}:action/custom/${one}`)),
  );
  if (!name || account !== hubAccount) return undefined;
  const wanted = orders[name] === 'rollback' ? ['fixed', 'partly-fixed'] : ['asked', 'partly-fixed'];
  const why = `by the custom action ${name}`;
  const ids = await Promise.all(
    detail.findings.map(async ({ Id }) => {
      const { entries } = await queryLog(dynamo, table, { finding: Id }, { limit: 50 });
      const latest = entries.find(({ outcome }) => outcome !== undefined && wanted.includes(outcome));
      if (!latest || orders[name] === 'rollback') return latest?.remediation;
      return (await waitingFor(latest)) ?? latest.remediation;
    }),
  );
  return ids.flatMap((remediation) => (remediation === undefined ? [] : [{ order: orders[name], remediation, why }]));
}

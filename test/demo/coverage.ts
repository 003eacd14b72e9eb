import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type CoveredFinding, readCoverage } from '../../functions/cli/open-findings/read-coverage';
import { systemClock } from '../../functions/clock';
import { identifierOf } from '../../functions/sources/config/identifier';
import type { Case } from './case';
import { fixing } from './policies';
import type { Stage } from './stage';

/** What `posture coverage` says of the finding of a case; undefined if it does not have it. */
export interface Covered {
  readonly of: Case;
  readonly found: CoveredFinding | undefined;
}

/** What `posture coverage` says if the detectors, which have not looked again, still have all findings open. */
export async function readCases({ gateway, account, deployment }: Stage, cases: readonly Case[]): Promise<readonly Covered[]> {
  const { rules, logTable, ordersTable, coordinationTable } = deployment;
  // What the Config rules of Security Hub find are findings of Security Hub, and not of AWS Config.
  const own = cases.filter(({ piece: { deployed } }) => deployed !== 'security-hub');
  const reported = own
    .map((one) => ({ of: one, detail: (one.event as { readonly detail: Detail }).detail }))
    // Of AWS Config, the command reads the Region of the central account.
    .filter(({ detail }) => detail.findings !== undefined || detail.awsRegion === account.region);
  const noncompliant = new Map<string, { readonly rule: string; readonly arn: string; readonly found: Noncompliant[] }>();
  for (const { of, detail } of reported) {
    for (const finding of detail.findings ?? []) gateway.securityHub.seed(account, finding as never);
    const { configRuleName: name, configRuleARN: arn = '', resourceType: type = '', resourceId: id = '' } = detail;
    if (name === undefined) continue;
    const rule = noncompliant.get(name) ?? { rule: of.piece.control, arn, found: [] };
    noncompliant.set(name, rule);
    rule.found.push({ type, id, recordedAt: Date.now() / 1000 });
  }
  for (const [name, { rule, arn, found }] of noncompliant)
    gateway.configRules.deploy(account, { name, arn, owner: 'AWS', identifier: identifierOf(rule), noncompliant: found });

  const { region, credentials } = account;
  const owner = async () => credentials;
  const caller = {
    ...{ partition: 'aws', account: account.account, region, arn: `arn:aws:iam::${account.account}:root`, userId: account.account },
    ...{ credentials: owner, credentialsFor: () => owner },
  };
  const tables = { dynamo: account.client(DynamoDBClient), log: logTable, orders: ordersTable, coordination: coordinationTable };
  const { findings, unread } = await readCoverage(caller, tables, { rules, policy: fixing, clock: systemClock });
  if (unread.length > 0) throw new Error(`The coverage could not be read: ${unread.join('; ')}`);
  return reported.map(({ of, detail }) => {
    const [first] = detail.findings ?? [];
    return {
      of,
      found: findings.find((one) => (first ? one.finding === first.Id : one.rule === of.rule.id && one.resource === detail.resourceId)),
    };
  });
}

interface Detail {
  readonly findings?: readonly { readonly Id: string }[];
  readonly configRuleName?: string;
  readonly configRuleARN?: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly awsRegion?: string;
}

interface Noncompliant {
  readonly type: string;
  readonly id: string;
  readonly recordedAt: number;
}

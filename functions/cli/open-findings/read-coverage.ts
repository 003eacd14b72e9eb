import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Rule } from '../../../rules/rule';
import { connect } from '../../aws/connection';
import type { Clock } from '../../clock';
import { eachOf } from '../../concurrency';
import type { Finding, Refusal } from '../../findings/finding';
import { findEntry } from '../../log/query';
import type { LogEntry } from '../../log/question';
import type { Policy } from '../../policy/policy';
import { noncompliance } from '../../reconcile/noncompliance';
import { openFindings } from '../../reconcile/open-findings';
import type { Report, SourcePorts } from '../../reconcile/ports';
import type { Caller } from '../central/caller';
import type { DeployedTables } from '../central/deployed-tables';
import { identificationBy } from '../central/identification';
import { sentence } from '../failure';
import { type FindingStatus, isAtWork, statusOf } from './finding-status';

/** An open finding, and what the log says of it. */
export interface CoveredFinding {
  readonly status: FindingStatus;
  readonly finding: string;
  readonly rule?: string;
  readonly account?: string;
  readonly region?: string;
  /** The ARN as reported, or AWS Config's id. */
  readonly resource?: string;
  readonly detectedBy?: string;
  readonly outcome?: string;
  /** The last one; `<rule>/<id>`. */
  readonly remediation?: string;
  /** ISO 8601: when the source evaluated it last. */
  readonly evaluatedAt?: string;
  readonly reason: string;
}

export interface Coverage {
  readonly findings: readonly CoveredFinding[];
  /** The sources that could not be read to the end, and why. */
  readonly unread: readonly string[];
}

/** How many findings are looked up in the log at the same time. */
const atOnce = 20;

/** Compares the open findings of Security Hub, and the noncompliant resources of AWS Config, of the central account with the log. */
export async function readCoverage(
  caller: Caller,
  tables: DeployedTables,
  { rules, policy, clock }: { readonly rules: readonly Rule[]; readonly policy: Policy; readonly clock: Clock },
): Promise<Coverage> {
  const ports: SourcePorts = {
    rules,
    central: caller,
    connect: ({ region }) => connect([ConfigServiceClient, SecurityHubClient], { region, credentials: caller.credentials }),
    identification: identificationBy(caller, policy),
    clock,
  };
  const refusals = new Map<string, Refusal>();
  const noteRefusal = (refusal: Refusal) => {
    if (refusal.findingId !== undefined) refusals.set(refusal.findingId, refusal);
  };
  const unread: string[] = [];
  const reports = [
    ...(await allOf('Security Hub', openFindings(ports, noteRefusal))),
    ...(await allOf('AWS Config', noncompliance(ports))),
  ];
  const covered = await eachOf(reports, atOnce, (report) => cover(report, tables, clock));
  const known = new Set(reports.map(({ finding }) => finding.id));
  // Of the rules for a control, some may not be for this resource: a finding that one of them takes is not refused.
  const refused = [...refusals].filter(([id]) => !known.has(id)).map(([finding, refusal]) => refusedFinding(finding, refusal));
  return { findings: [...covered, ...refused], unread };

  async function allOf(source: string, found: AsyncGenerator<Report>): Promise<readonly Report[]> {
    const all: Report[] = [];
    try {
      for await (const report of found) all.push(report);
    } catch (error) {
      unread.push(`${source}: ${sentence(error)}`);
    }
    return all;
  }
}

async function cover(report: Report, { dynamo, log }: DeployedTables, clock: Clock): Promise<CoveredFinding> {
  const { rule } = report;
  const finding = report.finding as Finding;
  const answers: LogEntry[] = [];
  // Only the function of the rule says what it has heard: anybody may write records of their own.
  const counts = (one: LogEntry) => {
    if (one.by === 'control' && one.outcome === 'rejected') answers.push(one);
    return one.by === 'rule' && one.rule === rule.id && (one.outcome !== undefined || isAtWork(one.kind));
  };
  const { entry } = await findEntry(dynamo, log, { finding: finding.id }, counts);
  const heard = typeof entry === 'string' ? undefined : entry;
  // What an approver has rejected since does not wait.
  const last = answers.find((one) => one.rule === heard?.rule && one.remediation === heard.remediation) ?? heard;
  const { reported } = finding.resource;
  return {
    status: statusOf(report, last, clock.now()),
    finding: finding.id,
    rule: rule.id,
    account: finding.account,
    region: finding.region,
    resource: 'arn' in reported ? reported.arn : reported.configId,
    detectedBy: finding.detectedBy,
    ...(last?.outcome !== undefined && { outcome: last.outcome }),
    ...(last && { remediation: `${last.rule}/${last.remediation}` }),
    evaluatedAt: report.evaluatedAt.toISOString(),
    reason: last?.reason ?? 'The log has no outcome for this finding.',
  };
}

const refusedFinding = (finding: string, { code, reason }: Refusal): CoveredFinding => ({
  status: 'refused',
  finding,
  reason: `${code}: ${reason}`,
});

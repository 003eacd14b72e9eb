import { Command, Option } from 'commander';
import { systemClock } from '../../clock';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { chooseRules } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note, print, printable, printJson } from '../print/printed';
import { textTable } from '../print/text-table';
import { collected } from '../repeated';
import { readOrders } from '../status/policy-status';
import { type FindingStatus, meanings, statuses } from './finding-status';
import { type CoveredFinding, readCoverage } from './read-coverage';

interface CoverageOptions extends GlobalOptions {
  readonly rule?: readonly string[];
  readonly status?: FindingStatus;
}

const afterwards = `
Read are the failed findings (ACTIVE, NEW or NOTIFIED) of the controls of the rules in Security Hub of the central account, with those of all accounts
of the aggregation, and the noncompliant resources of the managed rules in its AWS Config. Each is looked up in the log by one query. Controls for
which there is no rule are not part of this: rules/severities.md lists them.

Exit codes:
  0  the log knows each open finding
  1  error, or a source could not be read to the end
  2  some were not received: the daily reconciliation feeds them in

Examples:
  posture coverage
  posture coverage --status failed
  posture coverage --rule s3-bucket-tls-required --json`;

export const coverageCommand = (): Command =>
  new Command('coverage')
    .description('Compares the open findings of Security Hub and AWS Config with the log: not received, waiting, refused, exempt, failed.')
    .option('--rule <id>', 'only this rule; can be repeated', collected)
    .addOption(new Option('--status <status>', 'list only these').choices(statuses))
    .addHelpText('after', afterwards)
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<CoverageOptions>();
      const rules = chooseRules(options).map(({ rule }) => rule);
      const caller = await findCaller();
      const tables = await openTables(caller, ['log', 'orders']);
      const { inForce, policy } = await readOrders(tables, systemClock);
      if (!inForce) throw new Unable(`The policy in force is not known: ${policy.problem}`);
      const { findings, unread } = await readCoverage(caller, tables, { rules, policy: inForce, clock: systemClock });
      const listed = findings.filter(({ status }) => options.status === undefined || status === options.status);
      const sorted = listed.toSorted((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status));
      if (options.json) printJson({ version: '1', counts: countsOf(findings), findings: sorted, unread });
      else printCoverage(findings, sorted, unread);
      process.exitCode = exitCode(findings, unread);
    });

const countsOf = (findings: readonly CoveredFinding[]): Readonly<Record<FindingStatus, number>> =>
  Object.fromEntries(statuses.map((one) => [one, findings.filter(({ status }) => status === one).length])) as Record<FindingStatus, number>;

function printCoverage(all: readonly CoveredFinding[], listed: readonly CoveredFinding[], unread: readonly string[]): void {
  if (all.length === 0) print('No finding is open for any of the rules.');
  if (listed.length > 0) {
    print(
      textTable(
        ['status', 'outcome', 'rule', 'detected by', 'account', 'resource', 'reason'],
        listed.map(({ status, outcome = '', rule = '', detectedBy = '', account = '', resource, finding, reason }) => [
          status,
          outcome,
          rule,
          detectedBy,
          account,
          resource ?? finding,
          reason,
        ]),
      ),
    );
    print();
  }
  for (const [status, count] of Object.entries(countsOf(all)))
    if (count > 0) print(`${String(count).padStart(6)} ${status}: ${meanings[status as FindingStatus]}`);
  for (const one of unread) note(`not read  ${printable(one)}`);
}

function exitCode(findings: readonly CoveredFinding[], unread: readonly string[]): number {
  if (unread.length > 0) return 1;
  return findings.some(({ status }) => status === 'not-received') ? 2 : 0;
}

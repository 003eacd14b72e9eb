import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { loadRules } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import { getSealed, type Sealed } from '../../coordination/sealed';
import { type FormatName, formatNames, reportIn } from '../../report/formats';
import { makeReport } from '../../report/make-report';
import type { Span } from '../../report/numbers/span';
import { ocsfVersion } from '../../report/ocsf';
import { oscalVersion } from '../../report/oscal/document';
import type { Report } from '../../report/report';
import { type Standard, standards } from '../../standards/standards';
import { accountId } from '../account-option';
import { findCaller } from '../central/caller';
import { type DeployedTables, openTables } from '../central/deployed-tables';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note } from '../print/printed';
import { collected } from '../repeated';
import { instant } from '../time-option';
import { versionOfThis } from '../version';
import { keepHeapSmall } from './small-heap';

interface ReportOptions extends GlobalOptions {
  readonly since: string;
  readonly until?: string;
  readonly account?: readonly string[];
  readonly standard?: Standard;
  readonly owner?: string;
  readonly format?: FormatName;
  readonly out?: string;
}

const afterwards = `
The report reads all events of the period, and verifies their hash chains. It uses the indexes by-rule or by-account of the table
posture-log, in the central account and Region. Without --out, it is printed.

html   one file that needs no network: charts, the tables behind them, definitions, and what is proven about the log
csv    one line for each remediation
json   all numbers with their definitions, and all remediations
ocsf   one line of JSON for each remediation: OCSF ${ocsfVersion}, class 7001 Remediation Activity
oscal  assessment results of OSCAL ${oscalVersion}: by standard, a finding for each requirement, with its evidence

Exit codes:
  0  success
  1  error, or a hash chain is broken or a record is forged; the report says which

Examples:
  posture report --since 90d --out quarter.html
  posture report --since 2026-01-01 --until 2026-03-31 --standard CIS5.0 --out cis.html
  posture report --since 90d --owner web-team --out web-team.html
  posture report --since 7d --account 111122223333 --format csv --out week.csv`;

export const reportCommand = (): Command =>
  new Command('report')
    .description('Reports on a period: what was found, fixed and left, how long it took, and who approved it.')
    .option('--since <time>', 'start time: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 90d', '30d')
    .option('--until <time>', 'end time, in the same formats; a date includes that day (default: now)')
    .option('--account <id>', 'only this account; can be repeated', (text, earlier?: readonly string[]) =>
      collected(accountId(text), earlier),
    )
    .addOption(new Option('--standard <name>', 'only the controls of this standard').choices(standards))
    .option('--owner <name>', 'only resources of this owner, as the log names it')
    .addOption(new Option('--format <format>', 'the format (default: html)').choices(formatNames))
    .option('--out <file>', 'the file to write')
    .addHelpText('after', afterwards)
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<ReportOptions>();
      const { json, format = json ? 'json' : 'html', out } = options;
      if (json && format !== 'json') throw new Unable(`--json and --format ${format} can't be combined. Specify one of them.`);
      keepHeapSmall();
      const report = await reportFor(options);
      await write(report, format, out);
      noteIntegrity(report);
    });

async function reportFor({ since, until, account: accounts = [], standard, owner }: ReportOptions): Promise<Report> {
  const now = systemClock.now();
  const span: Span = {
    since: Date.parse(instant('--since', since, { end: false, now })),
    until: until === undefined ? now.getTime() : Date.parse(instant('--until', until, { end: true, now })),
  };
  if (span.since > span.until) throw new Unable('--since is later than --until. Specify an earlier --since or a later --until.');
  const caller = await findCaller();
  const { dynamo, log: table, coordination } = await openTables(caller, ['log']);
  const log = `arn:${caller.partition}:dynamodb:${caller.region}:${caller.account}:table/${table}`;
  const source = {
    dynamo,
    table,
    log,
    rules: loadRules().map(({ rule }) => rule),
    now,
    version: versionOfThis(),
    sealed: () => sealedIn({ dynamo, coordination }),
  };
  const narrowed = { ...(standard !== undefined && { standard }), ...(owner !== undefined && { owner }) };
  return makeReport({ span, accounts: [...new Set(accounts)], ...narrowed }, source).catch((error: unknown) => {
    throw error instanceof RangeError ? new Unable(error.message) : error;
  });
}

/** Who reads the log need not read the record of the seals: the report then says that it has none. */
const sealedIn = ({ dynamo, coordination }: Pick<DeployedTables, 'dynamo' | 'coordination'>): Promise<Sealed | undefined> =>
  getSealed(dynamo, coordination, systemClock).catch(() => undefined);

async function write(report: Report, format: FormatName, out: string | undefined): Promise<void> {
  const parts = Readable.from(reportIn(format, report));
  if (out === undefined) return pipeline(parts, process.stdout, { end: false });
  await pipeline(parts, createWriteStream(out));
  note(`The report is in ${out}.`);
}

function noteIntegrity({ integrity: { broken, forged } }: Report): void {
  if (broken.length + forged.length === 0) return;
  process.exitCode = 1;
  note(`Hash chains with errors: ${broken.length}; forged records: ${forged.length}. The report leaves them out, and lists them.`);
}

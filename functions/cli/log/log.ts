import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../clock';
import type { Outcome } from '../../log/event';
import { forgedIn, type LogQuestion, queryLog } from '../../log/query';
import { quote } from '../../untrusted-text';
import { accountId } from '../account-option';
import { type Caller, findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { expectRecord } from '../central/find-record';
import { remarkOn } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note } from '../print/printed';
import { instant } from '../time-option';
import { noteForged } from './forged-text';
import { printEntries } from './log-text';
import { printTrail } from './trail-text';
import { verifyCommand } from './verify';

type Format = 'table' | 'json' | 'csv';

interface LogOptions extends GlobalOptions {
  readonly resource?: string;
  readonly rule?: string;
  readonly account?: string;
  readonly finding?: string;
  readonly outcome?: Outcome;
  readonly remediation?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly after?: string;
  readonly oldestFirst?: boolean;
  readonly steps?: boolean;
  readonly format?: Format;
}

/** A record, so that the compiler reports a missing outcome. */
const outcomes: Readonly<Record<Outcome, true>> = {
  fixed: true,
  'partly-fixed': true,
  verifying: true,
  unverified: true,
  incomplete: true,
  'already-compliant': true,
  disputed: true,
  'resource-not-found': true,
  exempt: true,
  suppressed: true,
  off: true,
  observed: true,
  'breaker-open': true,
  'drift-loop': true,
  'awaiting-approval': true,
  rejected: true,
  blocked: true,
  unfixable: true,
  'not-configured': true,
  deferred: true,
  failed: true,
  'rolled-back': true,
  'rollback-refused': true,
  'rollback-failed': true,
};

const afterwards = `
Without a filter, the log of the caller's account is shown. Several filters are combined with AND.
The log is the DynamoDB table posture-log in the central account and Region; set POSTURE_LOG_TABLE for another name.

Exit codes:
  0  success; with --remediation: the hash chains are intact
  1  error; with --remediation: also if a hash chain is broken, or a record is forged

Examples:
  posture log --since 24h
  posture log --resource arn:aws:s3:::records --steps --oldest-first
  posture log --outcome failed --since 2026-03-01 --until 2026-03-31
  posture log --account 111122223333 --limit all --format csv > march.csv
  posture log --remediation 01K6Z3NDEKTSV4RRFFQ69G5FAV`;

export function logCommand(): Command {
  return new Command('log')
    .description('Queries the audit log: what was decided and changed, when, by whom, and why.')
    .option('--resource <arn>', 'only this resource')
    .option('--rule <id>', 'only this rule')
    .option('--account <id>', 'only this account', accountId)
    .option('--finding <id>', 'only this finding of Security Hub or AWS Config')
    .addOption(new Option('--outcome <outcome>', 'only this outcome').choices(Object.keys(outcomes)))
    .option(
      '--remediation <id>',
      'all events of one remediation, and whether their hash chains are intact; <rule>/<id> if several rules have it',
    )
    .option('--since <time>', 'start time: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'end time, in the same formats; a date includes that day')
    .option('--limit <number>', 'the maximum number of events, or `all`', limit, 50)
    .option('--after <cursor>', 'continue after a page, with the cursor that it ended with')
    .option('--oldest-first', 'sort by time, oldest first (default: newest first)')
    .option('--steps', 'all events, not only planned changes and outcomes')
    .addOption(new Option('--format <format>', 'the output format').choices(['table', 'json', 'csv']))
    .addHelpText('after', afterwards)
    .addCommand(verifyCommand())
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<LogOptions>();
      const { json, format = json ? 'json' : 'table' } = options;
      if (json && format !== 'json') throw new Unable(`--json and --format ${format} can't be combined. Specify one of them.`);
      if (options.remediation === undefined) await show(options, format);
      else await showTrail(options.remediation, options, format);
    });
}

async function show(options: LogOptions, format: Format): Promise<void> {
  const asked = question(options, systemClock.now());
  const caller = await findCaller();
  const { dynamo, log } = await openTables(caller, ['log']);
  const { limit, after } = options;
  try {
    const page = await queryLog(dynamo, log, withDefault(asked, caller), { limit, ...(after !== undefined && { after }) });
    printEntries(page, format);
    if (page.entries.length === 0 && format !== 'json') note(`No events found.${remarkOn(asked.rule)}${remarkOnArn(asked)}`);
    noteForged(forgedIn(page.entries));
    if (page.next !== undefined && format !== 'json') note(`There may be more events: --limit all, or --after ${page.next}`);
  } catch (error) {
    throw error instanceof RangeError ? new Unable(error.message) : error;
  }
}

async function showTrail(remediation: string, options: LogOptions, format: Format): Promise<void> {
  const others = (['resource', 'rule', 'account', 'finding', 'outcome', 'since', 'until', 'after'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (others.length > 0)
    throw new Unable(`--remediation shows all events of one remediation, without filters. Remove --${others.join(', --')}.`);
  const tables = await openTables(await findCaller(), ['log']);
  process.exitCode = printTrail(await expectRecord(tables, remediation, 'all'), format) ? 0 : 1;
}

function question(options: LogOptions, now: Date): LogQuestion {
  const { resource, rule, account, finding, outcome, since, until, oldestFirst, steps } = options;
  const from = since === undefined ? undefined : instant('--since', since, { end: false, now });
  const to = until === undefined ? undefined : instant('--until', until, { end: true, now });
  if (from !== undefined && to !== undefined && from > to)
    throw new Unable(`--since ${from} is later than --until ${to}. Specify an earlier --since or a later --until.`);
  return {
    // Some AWS APIs append a wildcard to the ARN of a log group; the log does not.
    ...(resource !== undefined && { resource: resource.replace(/:\*$/, '') }),
    ...(rule !== undefined && { rule }),
    ...(account !== undefined && { account }),
    ...(finding !== undefined && { finding }),
    ...(outcome !== undefined && { outcome }),
    ...(from !== undefined && { since: from }),
    ...(to !== undefined && { until: to }),
    ...(steps && { steps }),
    order: oldestFirst ? 'oldest-first' : 'newest-first',
  };
}

function withDefault(asked: LogQuestion, { account }: Caller): LogQuestion {
  const { resource, rule, finding, outcome } = asked;
  const narrowed = [resource, rule, asked.account, finding, outcome].some((one) => one !== undefined);
  if (narrowed) return asked;
  note(`Without a filter: events of account ${account}.`);
  return { ...asked, account };
}

const remarkOnArn = ({ resource }: LogQuestion): string =>
  resource === undefined || /^arn:|^AWS::::Account:/.test(resource)
    ? ''
    : ` Specify the ARN of the resource: ${quote(resource)} is not an ARN.`;

function limit(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Specify a whole number above 0, or `all`.');
}

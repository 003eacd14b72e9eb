import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { sources } from '../../findings/finding';
import type { Kind, Outcome } from '../../log/event';
import { findByTicket } from '../../log/find-ticket';
import type { LogQuestion } from '../../log/question';
import { nameOf } from '../../log/trail';
import { quote } from '../../untrusted-text';
import { accountId } from '../account-option';
import { type Caller, findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { expectRecord } from '../central/find-record';
import { remarkOn } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note, printJson } from '../print/printed';
import { timeText } from '../print/time-text';
import { severities } from '../severities';
import { standardNames } from '../standards';
import { withDetails } from './details';
import { noteForged } from './forged-text';
import { listedEvents } from './list-schema';
import { type Asked, answer, askedBy, type Filters, isUnfiltered } from './log-question';
import { printEntries } from './log-text';
import { printTrail } from './trail-text';
import { verifyCommand } from './verify';

type Format = 'table' | 'json' | 'csv';

interface LogOptions extends GlobalOptions, Filters {
  readonly remediation?: string;
  readonly ticket?: string;
  readonly allAccounts?: boolean;
  readonly limit: number;
  readonly after?: string;
  readonly oldestFirst?: boolean;
  readonly steps?: boolean;
  readonly schema?: boolean;
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

const kinds: Readonly<Record<Kind, true>> = {
  skipped: true,
  observed: true,
  'approval-requested': true,
  approved: true,
  rejected: true,
  'approval-refused': true,
  'request-refused': true,
  released: true,
  stopped: true,
  resumed: true,
  'breaker-closed': true,
  'breaker-opened': true,
  'review-due': true,
  ticketed: true,
  'policy-published': true,
  'publisher-identified': true,
  deferred: true,
  planned: true,
  applied: true,
  collected: true,
  verified: true,
  confirmed: true,
  disputed: true,
  unconfirmed: true,
  failed: true,
  reverted: true,
  incomplete: true,
  'rollback-requested': true,
  'rolled-back': true,
  'rollback-refused': true,
  'rollback-failed': true,
};

const afterwards = `
Without a filter, the log of the caller's account is shown. Several filters are combined with AND. Shown are outcomes, planned changes, and what
operators did (approvals, stops, resumes, publications of the policy); --steps shows all events.

Each page takes less than ten reads of indexes, and never the whole table. Where few events match all filters, it says how far it searched. A row
says what would be, was or is to be changed, from the event itself. --control and --standard mean the rules of this version for them.
The log is the DynamoDB table posture-log in the central account and Region; set POSTURE_LOG_TABLE for another name.

Exit codes:
  0  success; with --remediation: the hash chains are intact
  1  error; with --remediation: also if a hash chain is broken, or a record is forged

Examples:
  posture log --since 24h
  posture log --resource arn:aws:s3:::records --steps --oldest-first
  posture log --outcome failed --since 2026-03-01 --until 2026-03-31
  posture log --outcome observed --severity critical --standard CIS3.0
  posture log --actor arn:aws:iam::111122223333:user/alice --kind approved
  posture log --all-accounts --since 1h --time-zone local
  posture log --account 111122223333 --limit all --format csv > march.csv
  posture log --ticket SEC-12
  posture log --remediation 01K6Z3NDEKTSV4RRFFQ69G5FAV`;

export function logCommand(): Command {
  return new Command('log')
    .description('Queries the audit log: what was decided and changed, when, by whom, and why.')
    .option('--resource <arn>', 'only this resource')
    .option('--rule <id>', 'only this rule')
    .option('--account <id>', 'only this account', accountId)
    .option('--finding <id>', 'only this finding of Security Hub or AWS Config')
    .addOption(new Option('--outcome <outcome>', 'only this outcome').choices(Object.keys(outcomes)))
    .addOption(new Option('--kind <kind>', 'only this kind of event').choices(Object.keys(kinds)))
    .option('--actor <arn>', 'only what this principal did')
    .option('--control <id>', 'only this control, AWS Config rule or finding type')
    .addOption(new Option('--severity <severity>', 'only rules of this severity').choices(severities))
    .addOption(new Option('--standard <name>', 'only rules for controls of this standard').choices(standardNames))
    .addOption(new Option('--source <source>', 'only findings of this source').choices(sources))
    .option('--all-accounts', 'all accounts, without another filter')
    .option(
      '--remediation <id>',
      'all events of one remediation, and whether their hash chains are intact; <rule>/<id> if several rules have it',
    )
    .option('--ticket <key>', 'all events of the remediations of one ticket, as its readers name it: SEC-12, #12, INC0010002')
    .option('--since <time>', 'start time: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'end time, in the same formats; a date includes that day')
    .option('--limit <number>', 'the maximum number of events, or `all`', limit, 50)
    .option('--after <cursor>', 'continue after a page, with the cursor that it ended with')
    .option('--oldest-first', 'sort by time, oldest first (default: newest first)')
    .option('--steps', 'all events, not only outcomes, planned changes, and what operators did')
    .addOption(new Option('--format <format>', 'the output format').choices(['table', 'json', 'csv']))
    .option('--schema', 'print the JSON Schema of the lists in JSON, and nothing else')
    .addHelpText('after', afterwards)
    .addCommand(verifyCommand())
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<LogOptions>();
      if (options.schema) {
        printJson(z.toJSONSchema(listedEvents));
        return;
      }
      const { json, format = json ? 'json' : 'table' } = options;
      if (json && format !== 'json') throw new Unable(`--json and --format ${format} can't be combined. Specify one of them.`);
      if (options.ticket !== undefined) await showTicket(options.ticket, options, format);
      else if (options.remediation === undefined) await show(options, format);
      else await showTrail(options.remediation, options, format);
    });
}

async function show(options: LogOptions, format: Format): Promise<void> {
  const asked = askedBy(options);
  const caller = await findCaller();
  const tables = await openTables(caller, ['log']);
  const { limit, after } = options;
  try {
    const { entries: found, ...page } = await answer(tables, withDefault(asked, options, caller), {
      limit,
      ...(after !== undefined && { after }),
    });
    const entries = await withDetails(tables, found);
    printEntries({ entries, ...page }, format);
    if (entries.length === 0 && page.next === undefined && format !== 'json')
      note(`No events found.${remarkOn(options.rule)}${remarkOnArn(asked.question)}`);
    noteForged(entries.flatMap(({ trail, sequence, forged }) => (forged === undefined ? [] : [{ trail, sequence, why: forged }])));
    if (page.searchedTo !== undefined && format !== 'json') note(searchedText(page.searchedTo, options));
    if (page.next !== undefined && format !== 'json') note(`There may be more events: --limit all, or --after ${page.next}`);
  } catch (error) {
    throw error instanceof RangeError ? new Unable(error.message) : error;
  }
}

/** Few events match: an empty or short page must not seem to be all. */
const searchedText = (time: string, { oldestFirst }: LogOptions): string =>
  `Few events match. These are all ${oldestFirst ? 'until' : 'since'} ${timeText(time)}; ${oldestFirst ? 'later' : 'earlier'} ones were not searched.`;

const filterNames = [
  ...(['resource', 'rule', 'account', 'finding', 'outcome', 'kind', 'actor', 'control', 'severity', 'standard', 'source'] as const),
  ...(['since', 'until', 'after'] as const),
] as const;

async function showTicket(ticket: string, options: LogOptions, format: Format): Promise<void> {
  const others = ([...filterNames, 'remediation'] as const).filter((name) => options[name] !== undefined);
  if (others.length > 0)
    throw new Unable(`--ticket shows all events of the remediations of one ticket, without filters. Remove --${others.join(', --')}.`);
  const tables = await openTables(await findCaller(), ['log']);
  const found = await findByTicket(tables.dynamo, tables.log, ticket);
  if (found.length === 0)
    throw new Unable(`The log has no remediation of the ticket ${quote(ticket)}. Specify it as the tracker names it.`);
  for (const name of found) if (!printTrail(await expectRecord(tables, nameOf(name), 'all'), format)) process.exitCode = 1;
}

async function showTrail(remediation: string, options: LogOptions, format: Format): Promise<void> {
  const others = filterNames.filter((name) => options[name] !== undefined);
  if (others.length > 0)
    throw new Unable(`--remediation shows all events of one remediation, without filters. Remove --${others.join(', --')}.`);
  const tables = await openTables(await findCaller(), ['log']);
  process.exitCode = printTrail(await expectRecord(tables, remediation, 'all'), format) ? 0 : 1;
}

function withDefault(asked: Asked, { allAccounts }: LogOptions, { account }: Caller): Asked {
  if (allAccounts && asked.question.account !== undefined)
    throw new Unable("--all-accounts and --account can't be combined. Remove one of them.");
  if (allAccounts || !isUnfiltered(asked)) return asked;
  note(`Without a filter: events of account ${account}.`);
  return { ...asked, question: { ...asked.question, account } };
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

import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../clock';
import type { Outcome } from '../../log/event';
import { dynamoLog } from '../../log/log';
import { type LogQuestion, queryLog } from '../../log/query';
import { quote } from '../../untrusted-text';
import { accountId } from '../account-option';
import { type Caller, findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { remarkOn } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note, printable } from '../print/printed';
import { instant } from '../time-option';
import { printEntries } from './log-text';
import { printTrail } from './trail-text';

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

/** Every outcome, so that a new one can't be forgotten here. */
const outcomes: Readonly<Record<Outcome, true>> = {
  fixed: true,
  'partly-fixed': true,
  pending: true,
  unverified: true,
  'already-compliant': true,
  'resource-gone': true,
  exempt: true,
  suppressed: true,
  off: true,
  observed: true,
  tripped: true,
  fight: true,
  asked: true,
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
Without an option to ask by, the log of the caller's own account is shown. Several options have to be true together.
The tables are posture-log in the account and region of the hub; POSTURE_LOG_TABLE names another.

Exit codes:
  0  answered; for --remediation: and no event is altered or missing
  1  not answered; for --remediation: or the log of it can't be trusted

Examples:
  posture log --since 24h
  posture log --resource arn:aws:s3:::records --steps --oldest-first
  posture log --outcome failed --since 2026-03-01 --until 2026-03-31
  posture log --account 111122223333 --limit all --format csv > march.csv
  posture log --remediation 01K6Z3NDEKTSV4RRFFQ69G5FAV`;

export function logCommand(): Command {
  return new Command('log')
    .description('Queries the audit log: what was decided and changed, when, by whom and why.')
    .option('--resource <arn>', 'of this resource')
    .option('--rule <id>', 'by this rule')
    .option('--account <id>', 'in this account', accountId)
    .option('--finding <id>', 'for this finding of Security Hub or AWS Config')
    .addOption(new Option('--outcome <outcome>', 'that ended so').choices(Object.keys(outcomes)))
    .option('--remediation <id>', 'the whole trail of one remediation, with the proof that none of it was altered')
    .option('--since <time>', 'not before: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'not after: as --since; a day is included')
    .option('--limit <number>', 'at most so many events, or `all`', limit, 50)
    .option('--after <cursor>', 'go on where a page ended')
    .option('--oldest-first', 'the oldest event first, instead of the newest')
    .option('--steps', 'every event, and not only intents and ends')
    .addOption(new Option('--format <format>', 'how it is printed').choices(['table', 'json', 'csv']))
    .addHelpText('after', afterwards)
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<LogOptions>();
      const { json, format = json ? 'json' : 'table' } = options;
      if (json && format !== 'json') throw new Unable(`--json and --format ${format} contradict each other. Give one of them.`);
      if (options.remediation === undefined) await show(options, format);
      else await showTrail(options.remediation, options, format);
    });
}

async function show(options: LogOptions, format: Format): Promise<void> {
  const asked = question(options, systemClock.now());
  const caller = await findCaller();
  const { dynamo, log } = await openTables(caller, ['log']);
  const { limit: most, after } = options;
  try {
    const page = await queryLog(dynamo, log, withDefault(asked, caller), { limit: most, ...(after !== undefined && { after }) });
    printEntries(page, format);
    if (page.entries.length === 0 && format !== 'json') note(`The log has no such event.${remarkOn(asked.rule)}${remarkOnArn(asked)}`);
    if (page.next !== undefined && format !== 'json') note(`There may be more: --limit all, or --after ${page.next}`);
  } catch (error) {
    throw error instanceof RangeError ? new Unable(error.message) : error;
  }
}

async function showTrail(remediation: string, options: LogOptions, format: Format): Promise<void> {
  const others = (['resource', 'rule', 'account', 'finding', 'outcome', 'since', 'until', 'after'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (others.length > 0) throw new Unable(`--remediation shows the whole of one remediation. Leave out --${others.join(', --')}.`);
  if (!/^[0-9A-Za-z-]{1,64}$/.test(remediation))
    throw new Unable(`--remediation is ${quote(remediation)}. Give an id such as 01K6Z3NDEKTSV4RRFFQ69G5FAV; \`posture log\` lists them.`);
  const caller = await findCaller();
  const { dynamo, log } = await openTables(caller, ['log']);
  const events = await dynamoLog(dynamo, log).read(remediation);
  if (events.length === 0) throw new Unable(`The log has no remediation ${printable(remediation)}. \`posture log\` lists them.`);
  process.exitCode = printTrail(events, format) ? 0 : 1;
}

function question(options: LogOptions, now: Date): LogQuestion {
  const { resource, rule, account, finding, outcome, since, until, oldestFirst, steps } = options;
  const from = since === undefined ? undefined : instant('--since', since, { end: false, now });
  const to = until === undefined ? undefined : instant('--until', until, { end: true, now });
  if (from !== undefined && to !== undefined && from > to) throw new Unable(`--since ${from} is later than --until ${to}. Exchange them.`);
  return {
    // AWS writes the ARN of a log group with a wildcard at its end in some places, and the log does not.
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
  note(`Of account ${account}, as nothing else is asked for.`);
  return { ...asked, account };
}

const remarkOnArn = ({ resource }: LogQuestion): string =>
  resource === undefined || /^arn:|^AWS::::Account:/.test(resource)
    ? ''
    : ` It knows resources by their ARN, and ${quote(resource)} is none.`;

function limit(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a whole number above 0, or `all`.');
}

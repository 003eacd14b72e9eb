import { Command } from 'commander';
import type { Rule } from '../../../rules/rule';
import { canonicalJson } from '../../canonical-json';
import { systemClock } from '../../clock';
import { decisionPath } from '../../decision/decide';
import type { Finding } from '../../findings/finding';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { identificationBy } from '../central/identification';
import { policyInForce } from '../central/policy-in-force';
import { chooseRules } from '../choose-rules';
import { dryRun, type Verdict } from '../explain/dry-run';
import { explain, Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { contentsOf } from '../input/entries';
import { readValues } from '../input/json-file';
import { note, print, printable, printJson } from '../print/printed';
import { textTable } from '../print/text-table';
import { collected } from '../repeated';
import type { Judgement } from './judgement';
import { type Found, readEntry, type Skipped } from './read-entry';
import { writeSimulationPage } from './simulate-page';

interface SimulateOptions extends GlobalOptions {
  readonly rule?: readonly string[];
  readonly policy?: string;
  readonly html?: string;
}

const afterwards = `
The file contains past findings: the output of \`aws securityhub get-findings\` or \`get-findings-v2\`, a list of findings, events of
Security Hub and of AWS Config, messages of the queues, or the output of \`posture log --json\`; in UTF-8 or UTF-16. What can't be read is
listed with the reason. AWS Config is asked which managed rule a Config rule is, whatever its name. Each finding is evaluated as it would be
now, against the live resources, with your own credentials. No changes are made. Simulated fixes count against the limits, and repeated
findings of one misconfiguration are evaluated once. Resources in other accounts can't be inspected, because the member roles trust only the
functions.

Exit codes:
  0  all findings were evaluated
  1  some could not be read or evaluated

Examples:
  aws securityhub get-findings > findings.json && posture simulate findings.json --policy posture.yaml
  posture log --since 7d --limit all --json > week.json && posture simulate week.json`;

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Evaluates past findings against a policy and the live resources. Makes no changes.')
    .argument('<file>', 'a JSON file with the findings; - for standard input')
    .option('--policy <file>', 'use this policy file instead of the deployed policy')
    .option('--rule <id>', 'only this rule; can be repeated', collected)
    .option('--html <file>', 'also write a page with charts to this file')
    .addHelpText('after', afterwards)
    .action(async (file: string, _, command: Command) => {
      const options = command.optsWithGlobals<SimulateOptions>();
      const { judgements, unread, skipped, cut } = await simulate(file, options);
      if (options.json) printJson({ counts: countsOf(judgements), judgements, unread, skipped, complete: cut.length === 0 });
      else printJudgements(judgements, unread);
      if (options.html !== undefined) writeSimulationPage(judgements, unread, options.html, systemClock.now());
      if (unread.length > 0 || judgements.some(({ result }) => result === 'error')) process.exitCode = 1;
    });
}

interface Simulation {
  readonly judgements: readonly Judgement[];
  /** What could not be read. */
  readonly unread: readonly Skipped[];
  /** What needs no fix, or is for none of the rules. */
  readonly skipped: readonly Skipped[];
  readonly cut: readonly string[];
}

async function simulate(file: string, options: SimulateOptions): Promise<Simulation> {
  const rules = chooseRules(options).map(({ rule }) => rule);
  const { entries, cut } = contentsOf(readValues(file));
  const caller = await findCaller();
  const policy = await policyInForce(options.policy, caller);
  const reader = { ...caller, identification: identificationBy(caller, policy) };
  const read: Awaited<ReturnType<typeof readEntry>>[] = [];
  for (const entry of entries) read.push(await readEntry(entry, rules, reader));
  const found = onceEach(read.flatMap((one) => one.found));
  const left = read.flatMap(({ skipped }) => skipped ?? []);
  const unread = left.filter(({ isUnread }) => isUnread).map(({ at, reason }) => ({ at, reason }));
  const skipped = left.filter(({ isUnread }) => !isUnread).map(({ at, reason }) => ({ at, reason }));
  if (found.length === 0)
    throw new Unable(
      'The file has no finding for any of the rules. Provide open findings of Security Hub, or the output of `posture log --json`.',
      [...unread, ...skipped].slice(0, maxPoints).map(({ at, reason }) => `${at}: ${reason}`),
    );
  if (skipped.length > 0)
    note(`${skipped.length} of ${entries.length} findings were skipped: they are not open, or not for any of the rules.`);
  for (const one of cut) note(one);
  const tables = await openTables(caller, ['orders', 'coordination']);
  const run = dryRun({ caller, tables, policy, counting: true });
  const judgements: Judgement[] = [];
  // Sequentially: each simulated fix counts against the limits of the next.
  for (const { rule, finding } of found) {
    const verdict = await run.judge(rule, finding).catch((error: unknown) => ({ status: 'error' as const, reason: explain(error) }));
    judgements.push(judgementOf(rule, finding, verdict));
  }
  return { judgements, unread, skipped, cut };
}

/** So many reasons are shown where nothing could be evaluated. */
const maxPoints = 20;

function judgementOf(rule: Rule, finding: Finding, verdict: Verdict | { readonly status: 'error'; readonly reason: string }): Judgement {
  const { detectedBy, account, resource } = finding;
  const named = 'arn' in resource.reported ? resource.reported.arn : resource.reported.configId;
  const about = { rule: rule.id, detectedBy, account, resource: named };
  if (verdict.status !== 'decided') {
    const code = 'code' in verdict ? verdict.code : undefined;
    return { ...about, result: verdict.status, clause: 'rule', reason: verdict.reason, ...(code !== undefined && { code }), path: [] };
  }
  const { decision } = verdict;
  const { clause, reason } = decision.decisive;
  return { ...about, result: decision.verdict, clause, reason, path: decisionPath(decision) };
}

/** Each misconfiguration once, as first detected: the log has it at each step, and Security Hub for each standard. */
function onceEach(found: readonly Found[]): readonly Found[] {
  const first = new Map<string, Found>();
  for (const one of found) {
    const { rule, finding } = one;
    const { detectedBy, account, region, resource } = finding;
    const key = canonicalJson([rule.id, detectedBy, account, region, resource.kind.type, resource.reported]);
    const known = first.get(key);
    if (!known || Date.parse(finding.detectedAt) < Date.parse(known.finding.detectedAt)) first.set(key, one);
  }
  return [...first.values()];
}

function countsOf(judgements: readonly Judgement[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { result, clause } of judgements) {
    const key = `${result} by ${clause}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function printJudgements(judgements: readonly Judgement[], unread: readonly Skipped[]): void {
  const rows = judgements.map(({ rule, account, resource, result, clause, reason }) => [
    result,
    rule,
    `${account} ${resource}`,
    `${clause}: ${reason}`,
  ]);
  print(textTable(['result', 'rule', 'resource', 'by'], rows));
  print();
  for (const [key, count] of Object.entries(countsOf(judgements))) print(`${count} ${printable(key)}`);
  if (unread.length === 0) return;
  print();
  print(
    textTable(
      ['not read', 'reason'],
      unread.map(({ at, reason }) => [at, reason]),
    ),
  );
}

import { Command } from 'commander';
import * as z from 'zod';
import { type Rule, toArray } from '../../../rules/rule';
import { partitionOf } from '../../aws/region';
import { canonicalJson } from '../../canonical-json';
import { systemClock } from '../../clock';
import { decisionPath } from '../../decision/decide';
import type { Finding } from '../../findings/finding';
import { readEvent } from '../../sources/read-event';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { policyInForce } from '../central/policy-in-force';
import { chooseRules } from '../choose-rules';
import { dryRun, type Verdict } from '../explain/dry-run';
import { explain, Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note, print, printable, printJson } from '../print/printed';
import { textTable } from '../print/text-table';
import { collected } from '../repeated';
import { readEvents } from '../replay/events-file';

interface SimulateOptions extends GlobalOptions {
  readonly rule?: readonly string[];
  readonly policy?: string;
}

const afterwards = `
The file contains past findings: the output of \`aws securityhub get-findings\`, a list of findings, or the output of \`posture log --json\`.
Each finding is evaluated as it would be now, against the live resources, with your own credentials. No changes are made. Simulated fixes
count against the limits, and repeated findings of one misconfiguration are evaluated once. Resources in other accounts can't be inspected,
because the member roles trust only the functions.

Exit codes:
  0  all findings were evaluated
  1  some could not be evaluated

Examples:
  aws securityhub get-findings > findings.json && posture simulate findings.json --policy posture.yaml
  posture log --since 7d --limit all --json > week.json && posture simulate week.json`;

/** The result for one finding, and the clause that determines it. */
export interface Judgement {
  readonly rule: string;
  readonly detectedBy: string;
  readonly account: string;
  readonly resource: string;
  readonly result: string;
  readonly clause: string;
  readonly reason: string;
  readonly code?: string;
  readonly path: readonly string[];
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Evaluates past findings against a policy and the live resources. Makes no changes.')
    .argument('<file>', 'a JSON file with the findings; - for standard input')
    .option('--policy <file>', 'use this policy file instead of the deployed policy')
    .option('--rule <id>', 'only this rule; can be repeated', collected)
    .addHelpText('after', afterwards)
    .action(async (file: string, _, command: Command) => {
      const options = command.optsWithGlobals<SimulateOptions>();
      const judgements = await simulate(file, options);
      if (options.json) printJson({ counts: countsOf(judgements), judgements });
      else printJudgements(judgements);
      if (judgements.some(({ result }) => result === 'error')) process.exitCode = 1;
    });
}

async function simulate(file: string, options: SimulateOptions): Promise<readonly Judgement[]> {
  const rules = chooseRules(options).map(({ rule }) => rule);
  const events = readEvents(file);
  const caller = await findCaller();
  const past = events.flatMap(pastFindings);
  const read = past.map((one) => rules.flatMap((rule) => findingsOf(rule, one, caller.account)));
  const found = onceEach(read.flat());
  if (found.length === 0)
    throw new Unable(
      'The file has no finding for any of the rules. Provide open findings of Security Hub, or the output of `posture log --json`.',
    );
  const others = read.filter((one) => one.length === 0).length;
  if (others > 0) note(`${others} of ${past.length} findings were skipped: they are not open, or not for any of the rules.`);
  if (events.some(isPartOfLog)) note('The file contains one page of the log, and there may be more: use `posture log --limit all --json`.');
  const tables = await openTables(caller, ['orders', 'coordination']);
  const run = dryRun({ caller, tables, policy: await policyInForce(options.policy, caller), counting: true });
  const judgements: Judgement[] = [];
  // Sequentially: each simulated fix counts against the limits of the next.
  for (const { rule, finding } of found) {
    const verdict = await run.judge(rule, finding).catch((error: unknown) => ({ status: 'error' as const, reason: explain(error) }));
    judgements.push(judgementOf(rule, finding, verdict));
  }
  return judgements;
}

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

const isPartOfLog = (event: unknown): boolean => typeof event === 'object' && event !== null && 'entries' in event && 'next' in event;

/** Findings of a Security Hub export, entries of our log, or a single finding. */
function pastFindings(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Findings' in value && Array.isArray(value.Findings)) return value.Findings;
  if ('entries' in value && Array.isArray(value.entries)) return value.entries;
  return [value];
}

interface Found {
  readonly rule: Rule;
  readonly finding: Finding;
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

const logged = z.object({
  rule: z.string(),
  detectedBy: z.string(),
  finding: z.string(),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  resource: z.string(),
  resourceType: z.string(),
  time: z.string(),
});

const exported = z.object({ AwsAccountId: z.string(), Region: z.string().optional(), ProductArn: z.string() });

function findingsOf(rule: Rule, past: unknown, centralAccount: string): readonly Found[] {
  const entry = logged.safeParse(past);
  if (entry.success) return fromLog(rule, entry.data);
  const asff = exported.safeParse(past);
  if (!asff.success) return [];
  const region = asff.data.Region ?? asff.data.ProductArn.split(':')[3] ?? '';
  const event = {
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    account: asff.data.AwsAccountId,
    region,
    time: systemClock.now().toISOString(),
    detail: { findings: [past] },
  };
  return readEvent(rule, event, { centralAccount }).findings.map((finding) => ({ rule, finding }));
}

function fromLog(rule: Rule, { rule: id, detectedBy, finding, account, region, resource, resourceType, time }: z.infer<typeof logged>) {
  const kind = toArray(rule.resource).find(({ type }) => type === resourceType);
  const partition = partitionOf(region);
  if (rule.id !== id || !kind || partition === undefined) return [];
  const about: Finding = {
    partition,
    account,
    region,
    id: finding,
    source: 'control',
    detectedBy,
    resource: { kind, reported: { arn: resource } },
    detectedAt: time,
    sentAt: time,
  };
  return [{ rule, finding: about }];
}

function countsOf(judgements: readonly Judgement[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { result, clause } of judgements) {
    const key = `${result} by ${clause}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function printJudgements(judgements: readonly Judgement[]): void {
  const rows = judgements.map(({ rule, account, resource, result, clause, reason }) => [
    result,
    rule,
    `${account} ${resource}`,
    `${clause}: ${reason}`,
  ]);
  print(textTable(['result', 'rule', 'resource', 'by'], rows));
  print();
  for (const [key, count] of Object.entries(countsOf(judgements))) print(`${count} ${printable(key)}`);
}

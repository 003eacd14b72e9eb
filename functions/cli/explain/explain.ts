import { Command } from 'commander';
import { type Rule, toArray } from '../../../rules/rule';
import { idIn, parseArn } from '../../aws/arn';
import { canonicalJson } from '../../canonical-json';
import { systemClock } from '../../clock';
import { decisionPath } from '../../decision/decide';
import type { Finding } from '../../findings/finding';
import type { LogEvent } from '../../log/event';
import { findEntry, type LogEntry } from '../../log/query';
import { nameOf, parseTrail } from '../../log/trail';
import { type Caller, findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { expectRecord, expectTrustworthy } from '../central/find-record';
import { policyInForce } from '../central/policy-in-force';
import { chooseRules, controlNamed, controlsOf } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { noteForged } from '../log/forged-text';
import { colours, print, printable, printJson } from '../print/printed';
import { collected } from '../repeated';
import { dryRun, type Verdict } from './dry-run';

interface ExplainOptions extends GlobalOptions {
  readonly rule?: readonly string[];
  readonly control?: string;
  readonly finding?: string;
  readonly policy?: string;
}

const afterwards = `
For a resource, the rules inspect it with your own credentials and decide as their functions would, based on the deployed policy and the
recorded state. They change nothing. For a finding, the decision is read from the log. Resources in other accounts can't be inspected,
because the member roles trust only the functions.

Exit codes:
  0  success
  1  error

Examples:
  posture explain arn:aws:s3:::records
  posture explain arn:aws:s3:::records --rule s3-bucket-tls-required --policy posture.yaml
  posture explain --finding arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.5/finding/0b2c`;

/** One explanation: of a rule, or of a remediation. */
export interface Explanation {
  readonly of: string;
  readonly result: string;
  readonly reason: string;
  readonly code?: string;
  readonly path: readonly string[];
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('Explains the decision for a resource or a finding: each clause that applies, and the result.')
    .argument('[resource]', 'its ARN')
    .option('--finding <id>', 'explain the last decision for this finding instead')
    .option('--rule <id>', 'only this rule; can be repeated', collected)
    .option('--control <id>', 'only the rules for this control')
    .option('--policy <file>', 'use this policy file instead of the deployed policy')
    .addHelpText('after', afterwards)
    .action(async (resource: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<ExplainOptions>();
      if ((resource === undefined) === (options.finding === undefined))
        throw new Unable('Specify either the ARN of a resource or --finding.');
      const explanations = resource === undefined ? await ofFinding(options.finding ?? '') : await ofResource(resource, options);
      if (options.json) printJson(explanations);
      else printExplanations(explanations);
    });
}

async function ofFinding(finding: string): Promise<readonly Explanation[]> {
  const caller = await findCaller();
  const tables = await openTables(caller, ['log']);
  // What another user's command line has logged is no decision of the remediator.
  const counts = ({ by, trail: key }: LogEntry) => {
    const trail = parseTrail(key);
    return by !== 'local' || (trail?.by === 'local' && trail.user === caller.userId);
  };
  const { entry: latest, forged } = await findEntry(tables.dynamo, tables.log, { finding }, counts);
  noteForged(forged);
  if (latest === 'none') throw new Unable(`The log has no entry for the finding ${printable(finding)}. Check the id.`);
  if (latest === 'beyond')
    throw new Unable(
      `The newest records of the finding ${printable(finding)} in the log are those of other users, and there are too many to look for older ones. \`posture log --finding\` lists all.`,
    );
  const record = await expectRecord(tables, nameOf(latest), 'all');
  expectTrustworthy(record);
  return [explanationOf(record.events, latest.remediation)];
}

function explanationOf(events: readonly LogEvent[], remediation: string): Explanation {
  const last = events.findLast(({ outcome }) => outcome !== undefined) ?? events.at(-1);
  return {
    of: `${last?.rule} on ${last?.resource}, remediation ${remediation}`,
    result: last?.outcome ?? last?.kind ?? 'unknown',
    reason: last?.reason ?? '',
    ...(last?.code !== undefined && { code: last.code }),
    path: events.findLast(({ decision }) => decision !== undefined)?.decision ?? [],
  };
}

async function ofResource(resource: string, options: ExplainOptions): Promise<readonly Explanation[]> {
  const caller = await findCaller();
  const found = chooseRules(options).map(({ rule }) => ({ rule, findings: findingsOf(rule, resource, caller, options.control) }));
  if (found.every(({ findings }) => findings.length === 0))
    throw new Unable(
      `${printable(resource)} is not a valid ARN of a resource type of these rules. \`posture rules <id>\` shows the resource types of a rule.`,
    );
  const tables = await openTables(caller, ['orders', 'coordination']);
  const run = dryRun({ caller, tables, policy: await policyInForce(options.policy, caller), counting: false });
  const explanations: Explanation[] = [];
  for (const { rule, findings } of found) {
    // Equal explanations for several controls are shown once.
    const same = new Map<string, { readonly verdict: Verdict; readonly controls: string[] }>();
    for (const finding of findings) {
      const verdict = await run.judge(rule, finding);
      const key = canonicalJson(explanationFor('', verdict));
      const known = same.get(key);
      if (known) known.controls.push(finding.detectedBy);
      else same.set(key, { verdict, controls: [finding.detectedBy] });
    }
    for (const { verdict, controls } of same.values()) explanations.push(explanationFor(`${rule.id}, ${controls.join(', ')}`, verdict));
  }
  return explanations;
}

/** One finding for each control of the rule, or for the given control. */
function findingsOf(rule: Rule, arn: string, caller: Caller, control: string | undefined): readonly Finding[] {
  const parsed = parseArn(arn);
  const place = {
    partition: caller.partition,
    account: /^AWS::::Account:(\d{12})$/.exec(arn)?.[1] ?? (parsed?.account || caller.account),
    region: parsed?.region || caller.region,
  };
  const kind = toArray(rule.resource).find((one) => idIn(one, place, arn) !== undefined);
  const meant = control === undefined ? controlsOf({ rule }) : toArray(controlNamed({ rule }, control) ?? []);
  const now = systemClock.now().toISOString();
  if (!kind) return [];
  return meant.map((detectedBy) => ({
    ...place,
    id: `explained to ${caller.arn}`,
    source: 'control',
    detectedBy,
    resource: { kind, reported: { arn } },
    detectedAt: now,
    sentAt: now,
  }));
}

function explanationFor(of: string, verdict: Verdict): Explanation {
  if (verdict.status !== 'decided') {
    const { status, reason, code } = verdict;
    return { of, result: status, reason, ...(code !== undefined && { code }), path: [] };
  }
  const { decision, calls } = verdict;
  const reason = `${decision.decisive.clause}: ${decision.decisive.reason}. ${decision.verdict === 'fix' ? 'It' : 'A fix'} would send ${calls.join(', ')}.`;
  return { of, result: decision.verdict, reason, path: decisionPath(decision) };
}

function printExplanations(explanations: readonly Explanation[]): void {
  const { bold } = colours();
  for (const [index, { of, result, reason, path }] of explanations.entries()) {
    if (index > 0) print();
    print(bold(printable(of)));
    for (const line of path) print(`  ${printable(line)}`);
    print(`  ${bold(printable(result))}  ${printable(reason)}`);
  }
}

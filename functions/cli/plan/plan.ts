import { Command } from 'commander';
import { type Aws, type Place, toArray } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import { connect } from '../../aws/connection';
import type { CatalogueEntry } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import { eachOf } from '../../concurrency';
import { forecast } from '../../forecast/forecast';
import { readingOnly } from '../../forecast/reading-only';
import { type Target, targetAt, targetsOf } from '../../forecast/target';
import { quote } from '../../untrusted-text';
import { type Caller, findCaller } from '../central/caller';
import { chooseRules, controlNamed, controlsOf } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { ownerPolicy } from '../policy/policy-file';
import { collected } from '../repeated';
import { parametersBy } from '../rule-parameters';
import type { Checked, Overlooked, PlanAnswer } from './answer';
import { detectorsFor } from './detectors';
import { errorText } from './error-text';
import { writePlanPage } from './plan-page';
import { printPlan, showProgress } from './plan-text';

interface PlanOptions extends GlobalOptions {
  readonly rule?: readonly string[];
  readonly control?: string;
  readonly accountWide?: boolean;
  readonly parameters?: string;
  readonly html?: string;
}

/** Enough to be fast, too few to be throttled. */
const maxConcurrency = 8;

const afterwards = `
Reads with your own credentials, and makes no changes. Parameters and the exemption tag are read from posture.yaml in this repository; where
it sets none, Security Hub and AWS Config are asked by which parameters they judge. Each result says where its parameters come from.
Modes, windows and limits are not evaluated: use \`posture explain\`. With --all, responses to threats are left out unless --rule or --control
names them: they contain what something was found on, and nothing else.

Exit codes:
  0  all checked resources are compliant or exempt
  2  something is not compliant
  1  something could not be checked

Examples:
  posture plan --all
  posture plan --all --rule s3-bucket-versioning-enabled --region eu-west-1
  posture plan arn:aws:s3:::records
  posture plan sg-0123456789abcdef0 --control EC2.13
  posture plan --all --json | jq '.forecasts[] | select(.status == "would-change")'`;

export function planCommand(): Command {
  return new Command('plan')
    .description('Previews what the rules would change in live resources. Makes no changes.')
    .argument('[resources...]', 'ARNs, or ids such as sg-0123456789abcdef0 or a bucket name')
    .option('--all, --account-wide', 'all resources in the account and Region')
    .option('--rule <id>', 'only this rule; can be repeated', collected)
    .option('--control <id>', 'only the rules for this Security Hub control or AWS Config rule, such as S3.14')
    .option('--parameters <json>', 'parameters of the rule, or of several rules, keyed by rule id')
    .option('--html <file>', 'also write a page with charts to this file')
    .addHelpText('after', afterwards)
    .action(async (names: readonly string[], _, command: Command) => {
      const options = command.optsWithGlobals<PlanOptions>();
      const answer = await planFor(names, options);
      printPlan(answer, { json: options.json === true, each: names.length > 0 });
      if (options.html !== undefined) writePlanPage(answer, options.html, systemClock.now());
      process.exitCode = exitCode(answer, names.length > 0);
    });
}

async function planFor(names: readonly string[], options: PlanOptions): Promise<PlanAnswer> {
  if (names.length === 0 && !options.accountWide)
    throw new Unable('Specify one or more ARNs or ids, or --all for all resources in the account and Region.');
  if (names.length > 0 && options.accountWide) throw new Unable('Specify either resources or --all, not both.');
  const entries = chooseRules(options);
  const rules = entries.map(({ rule }) => rule);
  const policy = ownerPolicy();
  const parameters = parametersBy(
    options.parameters,
    rules.map(({ id }) => id),
    policy,
  );
  const caller = await findCaller();
  const awsIn = readersOf(caller, entries);

  const { targets, overlooked } = await targetsFor(names, options, entries, caller, awsIn);
  const detectorsIn = detectorsFor(rules, policy, caller);
  const unasked = new Set<string>();
  const now = systemClock.now();
  const progress = showProgress(targets.length);
  const forecasts = await eachOf(targets, maxConcurrency, async (target) => {
    const entry = entries.find(({ rule }) => rule === target.rule);
    const control = entry && options.control !== undefined ? controlNamed(entry, options.control) : undefined;
    const controls = entry ? controlsOf(entry) : [];
    const detectors = await detectorsIn(target.resource.region);
    for (const one of detectors.unasked) unasked.add(one);
    const asked = control === undefined ? controls : [control];
    const found = await forecast(target, {
      aws: awsIn(target.resource.region),
      parameters: parameters(target.rule, target.resource),
      exemptionTag: policy.exemptionTag,
      detectors: asked.flatMap(detectors.of),
      now,
    }).catch((error: unknown): readonly Checked[] => [{ target, detectedBy: asked, status: 'error', reason: errorText(error) }]);
    progress.step();
    return found;
  });
  progress.end();
  return { caller, forecasts: names.length > 0 ? seen(forecasts.flat()) : forecasts.flat(), overlooked, unasked: [...unasked] };
}

/** One connection for each region, shared by all rules. */
function readersOf({ credentials }: Caller, entries: readonly CatalogueEntry[]): (region: string) => Aws {
  const clients = [...new Set(entries.flatMap(({ rule }) => rule.clients))];
  const commands = [...new Set(entries.flatMap(({ rule }) => rule.commands))];
  const byRegion = new Map<string, Aws>();
  return (region) => {
    const aws = byRegion.get(region) ?? readingOnly(connect(clients, { region, credentials }), commands);
    byRegion.set(region, aws);
    return aws;
  };
}

interface Sighting {
  readonly targets: readonly Target[];
  readonly overlooked: readonly Overlooked[];
}

async function targetsFor(
  names: readonly string[],
  options: PlanOptions,
  entries: readonly CatalogueEntry[],
  caller: Caller,
  awsIn: (region: string) => Aws,
): Promise<Sighting> {
  if (names.length === 0) return listing();
  const narrowed = options.rule !== undefined || options.control !== undefined;
  const byId = (name: string) => (narrowed ? byRule(name, caller) : []);
  let all: Promise<Sighting> | undefined;
  const sightings = await eachOf(names, maxConcurrency, async (name): Promise<Sighting> => {
    const direct = name.includes(':') ? byArn(name) : byId(name);
    if (typeof direct === 'string') return { targets: [], overlooked: [{ what: name, reason: direct }] };
    if (direct.length > 0) return { targets: direct, overlooked: [] };
    all ??= listing();
    const { targets, overlooked } = await all;
    const found = targets.filter(({ resource }) => resource.id === name);
    if (found.length > 0) return { targets: found, overlooked };
    const reason = `No resource with this id was found in account ${caller.account}, ${caller.region}. Specify its ARN, or another --region.`;
    return { targets: [], overlooked: [...overlooked, { what: name, reason }] };
  });
  const overlooked = sightings.flatMap((one) => one.overlooked);
  return { targets: sightings.flatMap(({ targets }) => targets), overlooked: [...new Set(overlooked)] };

  async function listing(): Promise<Sighting> {
    // What nothing was found on is not to be contained.
    const listed = options.rule === undefined && options.control === undefined ? entries.filter(({ rule }) => !rule.response) : entries;
    const found = await eachOf(listed, maxConcurrency, async ({ rule }): Promise<Sighting> => {
      try {
        const { targets, unread } = await targetsOf(rule, caller, awsIn(caller.region));
        const reason = `The name is not supported by the rule ${rule.id}, which rejects findings about it.`;
        return { targets, overlooked: unread.map((what) => ({ what, reason })) };
      } catch (error) {
        return { targets: [], overlooked: [{ what: `the resources of ${rule.id}`, reason: errorText(error) }] };
      }
    });
    return { targets: found.flatMap(({ targets }) => targets), overlooked: found.flatMap(({ overlooked }) => overlooked) };
  }

  function byArn(arn: string): readonly Target[] | string {
    const parts = parseArn(arn);
    const account = parts?.account || caller.account;
    if (!parts && !arn.startsWith('AWS::::Account:')) return `${quote(arn)} is not a valid ARN or id.`;
    if (account !== caller.account)
      return `The resource is in account ${account}, and these credentials are for account ${caller.account}. Specify a --profile for that account.`;
    if (parts && parts.partition !== caller.partition)
      return `The resource is in the partition ${parts.partition}, and these credentials are for ${caller.partition}. Specify a --profile and --region for that partition.`;
    const targets = byRule(arn, { ...caller, region: parts?.region || caller.region });
    if (targets.length > 0) return targets;
    const types = [...new Set(entries.flatMap(({ rule }) => toArray(rule.resource).map(({ type }) => type)))].sort();
    return `None of the rules supports this resource. Supported types: ${types.join(', ')}.`;
  }

  function byRule(name: string, place: Place): readonly Target[] {
    return entries.flatMap(({ rule }) => targetAt(rule, place, name) ?? []);
  }
}

/** An id can match several resource types: if it was found as one of them, the others do not apply. */
function seen(forecasts: readonly Checked[]): readonly Checked[] {
  const unseen: readonly Checked['status'][] = ['not-found', 'error', 'not-configured'];
  const there = new Set(forecasts.flatMap(({ status, target }) => (unseen.includes(status) ? [] : [target.resource.id])));
  return forecasts.filter(({ status, target }) => status !== 'not-found' || !there.has(target.resource.id));
}

function exitCode({ forecasts, overlooked }: PlanAnswer, named: boolean): 0 | 1 | 2 {
  if (overlooked.length > 0 || forecasts.some(({ status }) => status === 'error' || (named && status === 'not-found'))) return 1;
  return forecasts.every(({ status }) => status === 'compliant' || status === 'exempt' || status === 'not-found') ? 0 : 2;
}

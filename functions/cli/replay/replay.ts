import { Command, Option } from 'commander';
import type { CatalogueEntry } from '../../catalogue/catalogue';
import type { Outcome } from '../../log/event';
import { isUnread } from '../../sources/refuse';
import { findCaller } from '../central/caller';
import { deployedFunctions } from '../central/deployed-functions';
import { openTables } from '../central/deployed-tables';
import { identificationBy } from '../central/identification';
import { chooseRules } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { contentsOf } from '../input/entries';
import { readValues } from '../input/json-file';
import { ownerPolicy } from '../policy/policy-file';
import { note } from '../print/printed';
import { collected } from '../repeated';
import { parametersBy } from '../rule-parameters';
import { type Delivery, deliver, type Handling } from './delivery';
import { eventIn, refused } from './event-in';
import { localHandling } from './local-handling';
import { printDeliveries, printDelivery } from './replay-text';

interface ReplayOptions extends GlobalOptions {
  readonly rule?: readonly string[];
  readonly mode?: ReplayMode;
  readonly parameters?: string;
  readonly deployed?: boolean;
}

type ReplayMode = 'observe' | 'fix';

/** Outcomes that leave something to be done, other than by the policy. */
const failures: readonly Outcome[] = ['failed', 'unverified', 'incomplete', 'blocked', 'not-configured'];

const afterwards = `
The file contains one event, a list of events, one event per line, the messages of a queue (\`aws sqs receive-message\`), records of failed
invocations, or findings (\`aws securityhub get-findings\`), each of which is replayed as an event of its own. Each event is delivered to the
rules that it matches, as by the EventBridge rules. Without --deployed, the rules run in this process, with
your own credentials and with the log, orders and coordination tables in the central account and Region (set POSTURE_LOG_TABLE,
POSTURE_ORDERS_TABLE and POSTURE_COORDINATION_TABLE for other names). Findings in other accounts require --deployed, because the member roles
trust only the functions. Without --deployed, nothing is scheduled: replay the event later to continue what is deferred or incomplete. With
--mode fix, a disruptive rule makes changes only if it is named with --rule.

Exit codes:
  0  all events were processed, also if no rule matched
  1  an event was invalid or not readable, or a finding was not processed

Examples:
  posture replay event.json
  posture replay event.json --mode fix
  posture replay events.jsonl --rule ec2-security-group-admin-ports-closed --mode fix
  aws sqs receive-message --queue-url <posture-undelivered> | posture replay - --deployed`;

export function replayCommand(): Command {
  return new Command('replay')
    .description('Processes events of Security Hub and AWS Config. By default, the rules only observe.')
    .argument('<file>', 'events, findings, or messages of a queue, as JSON; - for standard input')
    .addOption(new Option('--mode <mode>', 'only observe misconfigurations, or fix them (default: observe)').choices(['observe', 'fix']))
    .option('--rule <id>', 'only this rule; can be repeated', collected)
    .option('--parameters <json>', 'parameters of the rule, or of several rules, keyed by rule id')
    .option('--deployed', 'invoke the deployed functions, which use the deployed policy')
    .addHelpText('after', afterwards)
    .action(async (file: string, _, command: Command) => {
      const options = command.optsWithGlobals<ReplayOptions>();
      const deliveries = await send(file, options);
      if (options.json) printDeliveries(deliveries);
      process.exitCode = deliveries.every(isWell) ? 0 : 1;
    });
}

async function send(file: string, options: ReplayOptions): Promise<readonly Delivery[]> {
  const { deployed, mode, parameters, json } = options;
  if (deployed && (mode !== undefined || parameters !== undefined))
    throw new Unable('--deployed uses the modes and parameters of the deployed policy. Remove --mode and --parameters, or --deployed.');
  const { entries: events, cut } = contentsOf(readValues(file));
  const entries = chooseRules(options);
  const handle = await handling(entries, options);
  const deliveries: Delivery[] = [];
  for (const [index, event] of events.entries()) {
    const meant = eventIn(event);
    const delivery = 'refusal' in meant ? refused(meant.refusal, index + 1) : await deliver(meant.event, index + 1, entries, handle);
    if (!json) printDelivery(delivery, { total: events.length, deployed: deployed ?? false });
    deliveries.push(delivery);
  }
  for (const one of cut) note(one);
  return deliveries;
}

async function handling(
  entries: readonly CatalogueEntry[],
  { deployed, mode = 'observe', rule, parameters }: ReplayOptions,
): Promise<Handling> {
  const policy = ownerPolicy();
  const ids = entries.map((entry) => entry.rule.id);
  const parametersOf = parametersBy(parameters, ids, policy);
  const caller = await findCaller();
  const identification = identificationBy(caller, policy);
  if (deployed) return { ...deployedFunctions(caller), identification };
  const tables = await openTables(caller, ['log', 'orders', 'coordination']);
  const handling = localHandling(caller, tables, {
    policy: { ...policy, modes: { default: mode, clauses: rule === undefined ? [] : [{ mode, rules: ids }] } },
    parametersOf,
  });
  return { ...handling, identification };
}

const isWell = ({ answers, refusals }: Delivery): boolean =>
  !refusals.some(isUnread) &&
  answers.every((answer) => 'results' in answer && answer.results.every(({ outcome }) => !failures.includes(outcome)));

import { Command, Option } from 'commander';
import type { CatalogueEntry } from '../../catalogue/catalogue';
import type { Outcome } from '../../log/event';
import { findCaller } from '../central/caller';
import { deployedFunctions } from '../central/deployed-functions';
import { openTables } from '../central/deployed-tables';
import { chooseRules } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { ownerPolicy } from '../policy/policy-file';
import { collected } from '../repeated';
import { parametersBy } from '../rule-parameters';
import { type Delivery, deliver } from './delivery';
import { readEvents } from './events-file';
import { localHandling } from './local-handling';
import { printDeliveries, printDelivery } from './replay-text';

interface SendOptions extends GlobalOptions {
  readonly rule?: readonly string[];
  readonly mode?: SentMode;
  readonly parameters?: string;
  readonly deployed?: boolean;
}

type SentMode = 'observe' | 'fix';

/** Ends that say that something is wrong with the handling, not with the resource. */
const failures: readonly Outcome[] = ['failed', 'unverified', 'not-configured'];

const afterwards = `
Each event goes to the rules it concerns, as the event routes would send it. Without --deployed they run in this process: with your own
credentials in your account, with the rules' member roles in others, and with the log and coordination tables of the hub in this account and
region (POSTURE_LOG_TABLE and POSTURE_COORDINATION_TABLE name others). What is put off is not scheduled here: send the event again.
A disruptive rule is applied with --mode fix only where it is named with --rule.

Exit codes:
  0  handled; also where no rule is concerned
  1  an event was rejected, or a finding was not handled

Examples:
  posture send event.json
  posture send event.json --mode fix
  posture send events.jsonl --rule ec2-security-group-admin-ports-closed --mode fix
  aws sqs receive-message --queue-url <posture-undelivered> --query 'Messages[0].Body' --output text | posture send - --deployed`;

export function sendCommand(): Command {
  return new Command('send')
    .description('Handles events of Security Hub and AWS Config: by default the rules only observe.')
    .argument('<file>', 'one event, a JSON list of events, or one event a line; - for standard input')
    .addOption(new Option('--mode <mode>', 'whether faults are only observed, or fixed (default: observe)').choices(['observe', 'fix']))
    .option('--rule <id>', 'only by this rule; can be given several times', collected)
    .option('--parameters <json>', 'parameters of the rule, or of several keyed by rule id')
    .option('--deployed', 'by the deployed functions, with the mode and parameters deployed')
    .addHelpText('after', afterwards)
    .action(async (file: string, _, command: Command) => {
      const options = command.optsWithGlobals<SendOptions>();
      const deliveries = await send(file, options);
      if (options.json) printDeliveries(deliveries);
      process.exitCode = deliveries.every(isWell) ? 0 : 1;
    });
}

async function send(file: string, options: SendOptions): Promise<readonly Delivery[]> {
  const { deployed, mode, parameters, json } = options;
  if (deployed && (mode !== undefined || parameters !== undefined))
    throw new Unable('A deployed function has a mode and parameters of its own. Leave out --mode and --parameters, or --deployed.');
  const events = readEvents(file);
  const entries = chooseRules(options);
  const handle = await handling(entries, options);
  const deliveries: Delivery[] = [];
  for (const [index, event] of events.entries()) {
    const delivery = await deliver(event, index + 1, entries, handle);
    if (!json) printDelivery(delivery, events.length);
    deliveries.push(delivery);
  }
  return deliveries;
}

async function handling(entries: readonly CatalogueEntry[], { deployed, mode = 'observe', rule, parameters }: SendOptions) {
  const policy = ownerPolicy();
  const ids = entries.map((entry) => entry.rule.id);
  const parametersOf = parametersBy(parameters, ids, policy);
  const caller = await findCaller();
  if (deployed) return deployedFunctions(caller);
  const tables = await openTables(caller, ['log', 'coordination']);
  return localHandling(caller, tables, {
    policy: { ...policy, modes: { default: mode, clauses: rule === undefined ? [] : [{ mode, rules: ids }] } },
    parametersOf,
  });
}

const isWell = ({ answers, refusals }: Delivery): boolean =>
  refusals.every(({ kind }) => kind !== 'rejected') &&
  answers.every((answer) => 'endings' in answer && answer.endings.every(({ outcome }) => !failures.includes(outcome)));

import { Command } from 'commander';
import { stringify } from 'yaml';
import type { Json } from '../../../rules/rule';
import { canonicalJson, toJson } from '../../canonical-json';
import { faultText } from '../../policy/fault';
import type { ReadPolicy } from '../../policy/read';
import { findCaller } from '../central/caller';
import { openPolicy } from '../central/deployed-policy';
import { sentence, Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { differences } from '../print/difference';
import { note, print, printable, printJson } from '../print/printed';
import { ownFile, readPolicyFile } from './policy-file';

const afterwards = `
Exit codes:
  0  done; for \`check\`: the file is valid
  1  not done, or the file is invalid; the errors are on standard error

Examples:
  posture policy check
  posture policy publish --why "Fix safe findings in the sandbox, as agreed with its owners"
  posture policy show`;

export function policyCommand(): Command {
  const command = new Command('policy')
    .description("Checks the policy file, brings it into force, and shows what is in force. Without [file], this clone's posture.yaml.")
    .addHelpText('after', afterwards);
  command
    .command('check')
    .description('Says what is wrong in a policy file, or what it allows.')
    .argument('[file]', 'the policy file', ownFile)
    .action((file: string, _, self: Command) => check(file, self.optsWithGlobals<GlobalOptions>()));
  command
    .command('publish')
    .description('Brings a policy file into force, within a minute and without a deployment of the hub.')
    .argument('[file]', 'the policy file', ownFile)
    .requiredOption('--why <text>', 'why, for the auditor')
    .action((file: string, _, self: Command) => publish(file, self.optsWithGlobals<GlobalOptions & { readonly why: string }>()));
  command
    .command('show')
    .description('Shows the policy that is in force, as YAML.')
    .action((_, self: Command) => show(self.optsWithGlobals<GlobalOptions>()));
  return command;
}

function check(file: string, { json }: GlobalOptions): void {
  if (json) {
    checkForMachines(file);
    return;
  }
  const read = readPolicyFile(file);
  print(`${printable(file)} is valid.`);
  print(summary(read));
  warn(read);
}

function checkForMachines(file: string): void {
  try {
    const { warnings, policy } = readPolicyFile(file);
    printJson({ fits: true, warnings, policy });
  } catch (error) {
    // A file that can't even be read has no faults to list.
    if (!(error instanceof Unable) || error.points.length === 0) throw error;
    printJson({ fits: false, faults: error.points });
    process.exitCode = 1;
  }
}

async function publish(file: string, { json, why }: GlobalOptions & { readonly why: string }): Promise<void> {
  if (why.trim() === '') throw new Unable('--why is empty. Say why, for the auditor.');
  const read = readPolicyFile(file);
  warn(read);
  const deployed = await openPolicy(await findCaller());
  const was = await deployed.current().catch((error: unknown) => {
    // What is broken is replaced.
    if (error instanceof Unable) note(error.message);
    else throw error;
    return undefined;
  });
  const changes = differences(was, toJson(read.policy));
  if (changes.length === 0 && was !== undefined) {
    return json ? printJson({ published: false, changes }) : print('It is in force already: nothing differs, and nothing is published.');
  }
  if (!json) for (const { path, was: before, is } of changes) print(`${printable(path || 'the policy')}: ${shown(before)} -> ${shown(is)}`);
  const version = await deployed.deploy(read.policy, why).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'BadRequestException')
      throw new Unable(`AppConfig refused the policy, and what was in force stays: ${sentence(error)}`);
    throw error;
  });
  if (json) printJson({ published: true, version, changes });
  else print(`Version ${version} is in force. The functions follow within a minute. To take it back, publish the file as it was before.`);
}

async function show({ json }: GlobalOptions): Promise<void> {
  const current = await (await openPolicy(await findCaller())).current();
  if (current === undefined)
    throw new Unable('No policy is deployed, so nothing is changed. Publish one: `posture policy publish --why "..."`.');
  if (json) printJson(current);
  else for (const line of stringify(current).trimEnd().split('\n')) print(visible(line));
}

/** What the policy allows, for a reader who wants to be sure. */
function summary({ policy }: ReadPolicy): string {
  const { modes, exemptions, windows, freezes, grace, parameters, approvals, notifications } = policy;
  const counts: readonly (readonly [number, string])[] = [
    [exemptions.length, 'exemptions'],
    [windows.length, 'windows'],
    [freezes.length, 'freezes'],
    [grace.length, 'grace periods'],
    [parameters.length, 'parameter entries'],
    [approvals.approvers.length, 'approver groups'],
    [notifications.topics.length, 'topics'],
  ];
  const fixing = modes.clauses.filter(({ mode }) => mode === 'fix').length;
  return [
    `  Default mode: ${modes.default}.${modes.default === 'fix' ? ' Findings without a matching clause are fixed.' : ''}`,
    `  Mode clauses: ${modes.clauses.length}${modes.clauses.length > 0 ? `, of which ${fixing} fix` : ''}.`,
    `  Other settings: ${
      counts
        .filter(([count]) => count > 0)
        .map(([count, what]) => `${count} ${what}`)
        .join(', ') || 'none'
    }.`,
    ...(modes.default !== 'fix' && fixing === 0 ? ['  Nothing is fixed automatically.'] : []),
  ].join('\n');
}

function warn({ warnings }: ReadPolicy): void {
  for (const warning of warnings) note(`Warning: ${printable(faultText(warning))}`);
}

const shown = (value: Json | undefined): string => (value === undefined ? 'nothing' : printable(canonicalJson(value)));

/** A line of the deployed policy with its indentation, without what could steer a terminal. */
const visible = (line: string): string => `${/^ */.exec(line)?.[0]}${printable(line.trimStart())}`;

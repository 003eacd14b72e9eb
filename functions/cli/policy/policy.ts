import { Command } from 'commander';
import { stringify } from 'yaml';
import type { Json } from '../../../rules/rule';
import { canonicalJson, toJson } from '../../canonical-json';
import { problemText } from '../../policy/problem';
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
  0  success; for \`check\`: the file is valid
  1  error, or the file is invalid; the errors are on standard error

Examples:
  posture policy check
  posture policy publish --why "Fix safe findings in the sandbox, as agreed with its owners"
  posture policy show`;

export function policyCommand(): Command {
  const command = new Command('policy')
    .description(
      'Checks and publishes the policy file, and shows the policy in effect. The default [file] is posture.yaml in this repository.',
    )
    .addHelpText('after', afterwards);
  command
    .command('check')
    .description('Validates a policy file and summarizes what it allows.')
    .argument('[file]', 'the policy file', ownFile)
    .action((file: string, _, self: Command) => check(file, self.optsWithGlobals<GlobalOptions>()));
  command
    .command('publish')
    .description('Deploys a policy file with AppConfig. It takes effect within a minute, without `cdk deploy`.')
    .argument('[file]', 'the policy file', ownFile)
    .requiredOption('--why <text>', 'the reason, for auditors')
    .action((file: string, _, self: Command) => publish(file, self.optsWithGlobals<GlobalOptions & { readonly why: string }>()));
  command
    .command('show')
    .description('Shows the policy in effect, as YAML.')
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
    printJson({ valid: true, warnings, policy });
  } catch (error) {
    // For a file that can't be read, there are no errors to list.
    if (!(error instanceof Unable) || error.points.length === 0) throw error;
    printJson({ valid: false, problems: error.points });
    process.exitCode = 1;
  }
}

async function publish(file: string, { json, why }: GlobalOptions & { readonly why: string }): Promise<void> {
  if (why.trim() === '') throw new Unable('--why is empty. Specify the reason, for auditors.');
  const read = readPolicyFile(file);
  warn(read);
  const deployed = await openPolicy(await findCaller());
  const was = await deployed.current().catch((error: unknown) => {
    // An invalid policy may be replaced.
    if (error instanceof Unable) note(error.message);
    else throw error;
    return undefined;
  });
  const changes = differences(was, toJson(read.policy));
  if (changes.length === 0 && was !== undefined) {
    return json ? printJson({ published: false, changes }) : print('The policy is already in effect. Nothing was published.');
  }
  if (!json) for (const { path, was: before, is } of changes) print(`${printable(path || 'the policy')}: ${shown(before)} -> ${shown(is)}`);
  const version = await deployed.deploy(read.policy, why).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'BadRequestException')
      throw new Unable(`AppConfig rejected the policy, and the previous one remains in effect: ${sentence(error)}`);
    throw error;
  });
  if (json) printJson({ published: true, version, changes });
  else print(`Version ${version} is deployed. The functions use it within a minute. To revert, publish the previous file.`);
}

async function show({ json }: GlobalOptions): Promise<void> {
  const current = await (await openPolicy(await findCaller())).current();
  if (current === undefined)
    throw new Unable('No policy is deployed. Publish one: `posture policy publish --why "..."`. Until then, the rules make no changes.');
  if (json) printJson(current);
  else for (const line of stringify(current).trimEnd().split('\n')) print(visible(line));
}

/** A summary of what the policy allows. */
function summary({ policy }: ReadPolicy): string {
  const { modes, grants, exemptions, windows, freezes, grace, parameters, approvals, notifications } = policy;
  const counts: readonly (readonly [number, string])[] = [
    [grants.length, 'entries of accounts whose roles only read'],
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
  for (const warning of warnings) note(`Warning: ${printable(problemText(warning))}`);
}

const shown = (value: Json | undefined): string => (value === undefined ? 'nothing' : printable(canonicalJson(value)));

/** A line of the deployed policy with its indentation, without what could steer a terminal. */
const visible = (line: string): string => `${/^ */.exec(line)?.[0]}${printable(line.trimStart())}`;

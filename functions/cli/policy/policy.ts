import { Command } from 'commander';
import { stringify } from 'yaml';
import type { ReadPolicy } from '../../policy/read';
import { findCaller } from '../central/caller';
import { requestBusArn, requestBusPolicy } from '../central/deployed-bus';
import { openPolicy } from '../central/deployed-policy';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { print, printable, printJson, printWhole } from '../print/printed';
import { busDifferences } from './bus-differences';
import { type DiffOptions, diff, versionNumber } from './diff';
import { type HistoryOptions, history } from './history';
import { ownFile, readPolicyFile } from './policy-file';
import { type PublishOptions, publish, warn } from './publish';

const afterwards = `
Exit codes:
  0  success; for \`check\`: the file is valid, and with --deployed, the bus for requests is as it says; for \`diff\`: there is no difference
  1  error, the file is invalid, the bus differs, or the policy changed since it was read; the errors are on standard error
  2  for \`diff\`: there are differences

Examples:
  posture policy check
  posture policy check --deployed      # also compares the policy of the bus for requests in the central account
  posture policy publish --why "Fix safe findings in the sandbox, as agreed with its owners"
  posture policy publish --dry-run
  posture policy diff --from 3 --to 5
  posture policy history
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
    .option('--deployed', 'compare the policy of the bus posture-requests in the central account with the requesters of the file')
    .action((file: string, _, self: Command) => check(file, self.optsWithGlobals<CheckOptions>()));
  command
    .command('publish')
    .description('Deploys a policy file with AppConfig. It takes effect within a minute, without `cdk deploy`.')
    .argument('[file]', 'the policy file', ownFile)
    .option('--why <text>', 'the reason, for auditors; required without --dry-run')
    .option('--dry-run', 'show what would change, and publish nothing')
    .option('--replaces <version>', 'only if this version was deployed last')
    .option('--yes', 'skip the confirmation; required without an interactive terminal')
    .action((file: string, _, self: Command) => publish(file, self.optsWithGlobals<PublishOptions>()));
  command
    .command('diff')
    .description('Compares a policy file with the policy in effect, or two versions, and shows the consequences.')
    .argument('[file]', 'the policy file; without --from and --to (default: posture.yaml in this repository)')
    .option('--from <version>', 'compare this version of AppConfig', versionNumber)
    .option('--to <version>', 'with this one (default: the policy in effect)', versionNumber)
    .action((file: string | undefined, _, self: Command) => diff(file, self.optsWithGlobals<DiffOptions>()));
  command
    .command('history')
    .description('Lists the policies that were in force: when, which version, by whom, and why.')
    .option('--since <time>', 'start time: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .action((_, self: Command) => history(self.optsWithGlobals<HistoryOptions>()));
  command
    .command('show')
    .description('Shows the policy in effect, as YAML.')
    .action((_, self: Command) => show(self.optsWithGlobals<GlobalOptions>()));
  return command;
}

type CheckOptions = GlobalOptions & { readonly deployed?: true };

async function check(file: string, { json, deployed }: CheckOptions): Promise<void> {
  if (json) {
    await checkForMachines(file, deployed);
    return;
  }
  const read = readPolicyFile(file);
  print(`${printable(file)} is valid.`);
  print(summary(read));
  warn(read);
  if (!deployed) return;
  const differing = await differencesOfBus(read);
  if (differing.length > 0) throw new Unable(busDiffers, differing);
  print('  The bus for requests is as the file says.');
}

async function checkForMachines(file: string, deployed: true | undefined): Promise<void> {
  try {
    const { warnings, policy } = readPolicyFile(file);
    const bus = deployed && (await differencesOfBus({ policy }));
    printJson({ valid: true, warnings, policy, ...(bus && { bus }) });
    if (bus && bus.length > 0) process.exitCode = 1;
  } catch (error) {
    // For a file that can't be read, there are no errors to list.
    if (!(error instanceof Unable) || error.points.length === 0) throw error;
    printJson({ valid: false, problems: error.points });
    process.exitCode = 1;
  }
}

const busDiffers =
  'The policy of the bus for requests differs from the file. Deploy the stack Posture with this file (`npx cdk deploy --all`):';

/** Compares the bus in the central account with the requesters of the policy. */
async function differencesOfBus({ policy }: Pick<ReadPolicy, 'policy'>): Promise<readonly string[]> {
  const caller = await findCaller();
  return busDifferences(policy, requestBusArn(caller), await requestBusPolicy(caller));
}

async function show({ json }: GlobalOptions): Promise<void> {
  const current = await (await openPolicy(await findCaller())).current();
  if (current === undefined)
    throw new Unable('No policy is deployed. Publish one: `posture policy publish --why "..."`. Until then, the rules make no changes.');
  if (json) printJson(current);
  else for (const line of stringify(current).trimEnd().split('\n')) printWhole(visible(line));
}

/** A summary of what the policy allows. */
function summary({ policy }: ReadPolicy): string {
  const { modes, grants, exemptions, windows, freezes, grace, deadlines, parameters, requesters, approvals, notifications } = policy;
  const counts: readonly (readonly [number, string])[] = [
    [grants.length, 'entries of accounts whose roles only read'],
    [exemptions.length, 'exemptions'],
    [windows.length, 'windows'],
    [freezes.length, 'freezes'],
    [grace.length, 'grace periods'],
    [deadlines.length, 'deadlines'],
    [parameters.length, 'parameter entries'],
    [Object.keys(requesters).length, 'requesters'],
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

/** A line of the deployed policy with its indentation, without what could steer a terminal. */
const visible = (line: string): string => `${/^ */.exec(line)?.[0]}${printable(line.trimStart())}`;

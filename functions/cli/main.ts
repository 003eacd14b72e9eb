import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { partitionOf } from '../aws/region';
import { quote } from '../untrusted-text';
import { explain, Unable } from './failure';
import type { GlobalOptions } from './global-options';
import { answerLocalhost, usesLoopback } from './loopback';

/** Each command with what it is for, and how it is loaded: only the one that is asked for, so that `--help` is there at once. */
const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Command }>> = {
  rules: {
    summary: 'list the rules, or explain one',
    load: () => (require('./rules/rules') as typeof import('./rules/rules')).rulesCommand(),
  },
  plan: {
    summary: 'say what would be changed about live resources, and change nothing',
    load: () => (require('./plan/plan') as typeof import('./plan/plan')).planCommand(),
  },
  explain: {
    summary: 'tell each clause that applies to a resource or finding, and the result',
    load: () => (require('./explain/explain') as typeof import('./explain/explain')).explainCommand(),
  },
  simulate: {
    summary: 'run past findings through policy and rules, and change nothing',
    load: () => (require('./simulate/simulate') as typeof import('./simulate/simulate')).simulateCommand(),
  },
  send: {
    summary: 'handle the events of a file',
    load: () => (require('./replay/replay') as typeof import('./replay/replay')).sendCommand(),
  },
  policy: {
    summary: 'check the policy file, bring it into force, show what is in force',
    load: () => (require('./policy/policy') as typeof import('./policy/policy')).policyCommand(),
  },
  log: { summary: 'query the audit log', load: () => (require('./log/log') as typeof import('./log/log')).logCommand() },
  waiting: {
    summary: 'list the plans that wait for an approval',
    load: () => (require('./order/orders') as typeof import('./order/orders')).waitingCommand(),
  },
  approve: {
    summary: 'approve plans that wait',
    load: () => (require('./order/orders') as typeof import('./order/orders')).approveCommand(),
  },
  reject: { summary: 'reject plans that wait', load: () => (require('./order/orders') as typeof import('./order/orders')).rejectCommand() },
  release: {
    summary: 'let a rule fix a resource again',
    load: () => (require('./order/orders') as typeof import('./order/orders')).releaseCommand(),
  },
  fix: {
    summary: 'have a rule look at a resource now',
    load: () => (require('./order/orders') as typeof import('./order/orders')).fixCommand(),
  },
  stop: { summary: 'stop all changes at once', load: () => (require('./order/orders') as typeof import('./order/orders')).stopCommand() },
  start: {
    summary: 'let changes be made again',
    load: () => (require('./order/orders') as typeof import('./order/orders')).startCommand(),
  },
  close: {
    summary: 'close the breaker of a rule',
    load: () => (require('./order/orders') as typeof import('./order/orders')).closeCommand(),
  },
  rollback: {
    summary: 'take back what a remediation changed',
    load: () => (require('./rollback/rollback') as typeof import('./rollback/rollback')).rollbackCommand(),
  },
};

const afterwards = `
Exit codes:
  0  done; for \`plan\`: everything is compliant
  1  not done, or not all of it; what is wrong stands on standard error
  2  for \`plan\`: something would be changed, or should be and can't

Examples:
  posture rules --service s3
  posture plan --all
  posture send event.json
  posture log --resource arn:aws:s3:::records
  posture rollback 01K6Z3NDEKTSV4RRFFQ69G5FAV

Region and credentials are found as by every AWS tool: AWS_PROFILE, AWS_REGION, the shared configuration, AWS_ENDPOINT_URL.`;

/** The command line. Sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough, such as \`head\`, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  if (usesLoopback(process.env)) answerLocalhost();
  const program = programFor(argv);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
    if (error instanceof CommanderError) return;
    process.stderr.write(`${explain(error)}\n`);
    if (program.opts<GlobalOptions>().debug) console.error(error);
  }
}

function programFor(argv: readonly string[]): Command {
  const program = new Command('posture')
    .description('Puts misconfigured AWS resources right, proves it, and can take it back.')
    .version(version())
    .option('--region <region>', 'the AWS region, instead of the configured one')
    .option('--profile <name>', 'the profile of the shared AWS configuration, instead of AWS_PROFILE and keys in the environment')
    .option('--json', 'print JSON, for machines')
    .option('--no-color', 'print without colours, as with NO_COLOR')
    .option('--debug', 'print the stack of an error')
    .addHelpText('after', afterwards)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Add --help for the options.')
    .exitOverride()
    .hook('preAction', (_, command) => configure(command.optsWithGlobals<GlobalOptions>()));
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = argv.includes(name) ? load() : new Command(name);
    program.addCommand(command.summary(summary).copyInheritedSettings(program));
    for (const below of command.commands) below.copyInheritedSettings(program);
  }
  return program;
}

/** The SDK finds everything in the environment, as it would without us. */
function configure({ region, profile, color }: GlobalOptions): void {
  if (!color) process.env.NO_COLOR = '1';
  if (profile !== undefined) {
    process.env.AWS_PROFILE = profile;
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    delete process.env.AWS_SESSION_TOKEN;
  }
  if (region !== undefined && partitionOf(region) === undefined)
    throw new Unable(`${quote(region)} is not the name of an AWS region. Give one such as eu-west-1.`);
  // The CLI of AWS reads both, the SDK only AWS_REGION.
  process.env.AWS_REGION = region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? '';
  if (process.env.AWS_REGION === '') delete process.env.AWS_REGION;
}

function version(): string {
  const file = path.resolve(__dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

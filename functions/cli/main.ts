import { Command, CommanderError } from 'commander';
import { isRegion } from '../aws/region';
import { quote } from '../untrusted-text';
import { explain, Unable } from './failure';
import type { GlobalOptions } from './global-options';
import { answerLocalhost, usesLoopback } from './loopback';
import { fitted, widthOf } from './print/fitted';
import { isTimeZone, timeZoneVariable } from './print/time-text';
import { versionOfThis } from './version';

/** Each command with its summary. Only the requested one is loaded, so that `--help` is fast. */
const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Command }>> = {
  rules: {
    summary: 'list or describe the rules',
    load: () => (require('./rules/rules') as typeof import('./rules/rules')).rulesCommand(),
  },
  plan: {
    summary: 'preview changes to live resources',
    load: () => (require('./plan/plan') as typeof import('./plan/plan')).planCommand(),
  },
  explain: {
    summary: 'explain the decision for a resource or a finding',
    load: () => (require('./explain/explain') as typeof import('./explain/explain')).explainCommand(),
  },
  simulate: {
    summary: 'evaluate past findings against a policy',
    load: () => (require('./simulate/simulate') as typeof import('./simulate/simulate')).simulateCommand(),
  },
  replay: {
    summary: 'process the events of a file',
    load: () => (require('./replay/replay') as typeof import('./replay/replay')).replayCommand(),
  },
  policy: {
    summary: 'check, compare, publish, or show the policy',
    load: () => (require('./policy/policy') as typeof import('./policy/policy')).policyCommand(),
  },
  tickets: {
    summary: 'check and try the tracker',
    load: () => (require('./tickets/tickets') as typeof import('./tickets/tickets')).ticketsCommand(),
  },
  status: {
    summary: 'show how the remediator stands',
    load: () => (require('./status/status') as typeof import('./status/status')).statusCommand(),
  },
  log: { summary: 'query the audit log', load: () => (require('./log/log') as typeof import('./log/log')).logCommand() },
  coverage: {
    summary: 'compare the open findings with the log',
    load: () => (require('./open-findings/coverage') as typeof import('./open-findings/coverage')).coverageCommand(),
  },
  exemptions: {
    summary: 'list what is exempt, and why',
    load: () => (require('./exemptions/exemptions') as typeof import('./exemptions/exemptions')).exemptionsCommand(),
  },
  report: {
    summary: 'report on a period: numbers, charts and evidence',
    load: () => (require('./report/report') as typeof import('./report/report')).reportCommand(),
  },
  approvals: {
    summary: 'list plans that await approval',
    load: () => (require('./order/orders') as typeof import('./order/orders')).approvalsCommand(),
  },
  approve: {
    summary: 'approve plans',
    load: () => (require('./order/orders') as typeof import('./order/orders')).approveCommand(),
  },
  reject: { summary: 'reject plans', load: () => (require('./order/orders') as typeof import('./order/orders')).rejectCommand() },
  release: {
    summary: 'allow a rule to fix a resource again',
    load: () => (require('./order/orders') as typeof import('./order/orders')).releaseCommand(),
  },
  fix: {
    summary: 'run a rule on a resource now',
    load: () => (require('./order/orders') as typeof import('./order/orders')).fixCommand(),
  },
  stop: {
    summary: 'stop all changes immediately',
    load: () => (require('./order/orders') as typeof import('./order/orders')).stopCommand(),
  },
  resume: {
    summary: 'allow changes again',
    load: () => (require('./order/orders') as typeof import('./order/orders')).resumeCommand(),
  },
  open: {
    summary: 'list open remediations',
    load: () => (require('./order/open') as typeof import('./order/open')).openCommand(),
  },
  contained: {
    summary: 'list what responses contain',
    load: () => (require('./order/contained') as typeof import('./order/contained')).containedCommand(),
  },
  drill: {
    summary: 'ask AWS whether a response could be carried out',
    load: () => (require('./order/drill') as typeof import('./order/drill')).drillCommand(),
  },
  breaker: {
    summary: 'close the circuit breaker of a rule',
    load: () => (require('./order/orders') as typeof import('./order/orders')).breakerCommand(),
  },
  rollback: {
    summary: 'roll back the changes of a remediation',
    load: () => (require('./rollback/rollback') as typeof import('./rollback/rollback')).rollbackCommand(),
  },
};

const afterwards = `
Exit codes:
  0  success; for \`plan\`: everything is compliant; for \`status\`: nothing needs attention; for \`coverage\`: the log has every open finding; for
     \`policy diff\`: there is no difference
  1  error; the message is on standard error
  2  for \`plan\`: something is not compliant; for \`status\`: something needs attention; for \`coverage\`: a finding was not received; for
     \`policy diff\`: there are differences; for \`log verify\`: the log was tampered with

Examples:
  posture rules --service s3
  posture plan --all
  posture replay event.json
  posture log --resource arn:aws:s3:::records
  posture rollback 01K6Z3NDEKTSV4RRFFQ69G5FAV

Region and credentials are resolved as in the AWS CLI: AWS_PROFILE, AWS_REGION, the shared configuration files, AWS_ENDPOINT_URL.`;

/** The command line. Sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // A closed pipe, as with `head`, is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  if (usesLoopback(process.env)) answerLocalhost();
  const program = programFor(argv);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
    if (error instanceof CommanderError) return;
    process.stderr.write(`${fitted(explain(error), widthOf(process.stderr))}\n`);
    if (program.opts<GlobalOptions>().debug) console.error(error);
  }
}

function programFor(argv: readonly string[]): Command {
  const program = new Command('posture')
    .description('Remediates, verifies and can roll back misconfigured AWS resources.')
    .version(versionOfThis())
    .option('--region <region>', 'the AWS Region (default: the configured Region)')
    .option('--profile <name>', 'the profile of the shared AWS configuration; overrides AWS_PROFILE and access keys in the environment')
    .option('--json', 'print JSON')
    .option(
      '--time-zone <zone>',
      'the time zone of printed times: UTC (the default), local, or a name such as Europe/Berlin; JSON and CSV stay in UTC',
    )
    .option('--no-color', 'print without colors, as with NO_COLOR')
    .option('--debug', 'print the stack trace of an error')
    .addHelpText('after', afterwards)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void process.stdout.write(fitted(text, widthOf(process.stdout), { paragraphs: true })),
      writeErr: (text) => void process.stderr.write(fitted(text, widthOf(process.stderr))),
    })
    .showHelpAfterError('Use --help to list the options.')
    .exitOverride()
    .hook('preAction', (_, command) => configure(command.optsWithGlobals<GlobalOptions>()));
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = argv.includes(name) ? load() : new Command(name);
    program.addCommand(command.summary(summary).copyInheritedSettings(program));
    for (const below of command.commands) below.copyInheritedSettings(program);
  }
  return program;
}

/** Passes the global options to the SDK through the environment. */
function configure({ region, profile, color, timeZone }: GlobalOptions): void {
  if (!color) process.env.NO_COLOR = '1';
  if (profile !== undefined) {
    process.env.AWS_PROFILE = profile;
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    delete process.env.AWS_SESSION_TOKEN;
  }
  if (region !== undefined && !isRegion(region))
    throw new Unable(`${quote(region)} is not a valid AWS Region. Specify a Region such as eu-west-1.`);
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new Unable(`--time-zone ${quote(timeZone)} is not a time zone. Specify UTC, local, or a name such as Europe/Berlin.`);
  if (timeZone !== undefined) process.env[timeZoneVariable] = timeZone;
  // The AWS CLI reads both, the SDK only AWS_REGION.
  process.env.AWS_REGION = region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? '';
  if (process.env.AWS_REGION === '') delete process.env.AWS_REGION;
}

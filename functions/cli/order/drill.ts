import { Command } from 'commander';
import { systemClock } from '../../clock';
import { getDrill, type RecordedDrill } from '../../coordination/drill';
import { minutes, seconds } from '../../duration';
import { accountId } from '../account-option';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { secondsOf } from '../log/log-text';
import { colours, note, print, printable, printJson } from '../print/printed';
import { openControl } from './control';

interface Options extends GlobalOptions {
  readonly in?: string;
  readonly resource?: string;
}

/** How long the function of the rule is waited for. */
const patience = minutes(3);

export const drillCommand = (): Command =>
  new Command('drill')
    .description('Asks AWS whether a response could be carried out in an account, and changes nothing.')
    .argument('<response>', 'the id of the rule; `posture rules` lists the responses')
    .argument('<account>', 'the id of the account', accountId)
    .option('--in <region>', 'the Region of the account (default: that of the resource, or the central Region)')
    .option('--resource <arn>', 'also inspect this resource, and have AWS check requests for it')
    .addHelpText(
      'after',
      `
The function of the rule assumes its role in the account. IAM then simulates each action of the rule with the policies of that role, its permissions
boundary and the service control policies. With --resource, the rule inspects the resource, and EC2 checks requests with DryRun.
Not covered: resource policies, resource control policies, and service control policies with conditions; a dry run covers all of them.

Exit codes:
  0  AWS would permit everything
  1  error; the message is on standard error
  2  AWS would not permit something, or did not say`,
    )
    .action(async (rule: string, account: string, _, command: Command) => {
      const { in: region, resource, json } = command.optsWithGlobals<Options>();
      const caller = await findCaller();
      const { dynamo, coordination } = await openTables(caller, ['coordination']);
      const last = () => getDrill(dynamo, coordination, { rule, account }, systemClock);
      const before = await last();
      const send = await openControl(caller);
      const reply = await send({ order: 'drill', rule, account, ...(region && { region }), ...(resource && { resource }) });
      if (!reply.done) throw new Unable(reply.reason);
      if (!json) note(reply.reason);
      const drill = await newer(last, before);
      if (json) printJson(drill);
      else printDrill(drill);
      process.exitCode = isReady(drill) ? 0 : 2;
    });

/** Whether AWS would permit everything that was asked. */
export const isReady = ({ denied, unknown }: Pick<RecordedDrill, 'denied' | 'unknown'>): boolean => denied + unknown === 0;

async function newer(last: () => Promise<RecordedDrill | undefined>, before: RecordedDrill | undefined): Promise<RecordedDrill> {
  const until = systemClock.now().getTime() + patience;
  for (;;) {
    const found = await last();
    if (found && found.at !== before?.at) return found;
    if (systemClock.now().getTime() > until)
      throw new Unable('The function of the rule recorded no result within 3 minutes. See its log group, and the dead-letter queues.');
    await systemClock.sleep(seconds(1));
  }
}

function printDrill({ rule, account, region, at, resource, allowed, denied, unknown, checks }: RecordedDrill): void {
  const { bold, red, yellow, green } = colours();
  print(bold(`${printable(rule)} in account ${account}, ${printable(region)}`));
  if (resource !== undefined) print(`  resource  ${printable(resource)}`);
  print(`  at        ${secondsOf(at)}`);
  print(`  allowed ${allowed}, denied ${denied}, unknown ${unknown}`);
  print();
  for (const { action, on, verdict, why } of checks) {
    if (verdict === 'allowed') continue;
    print(`${verdict === 'denied' ? red('denied ') : yellow('unknown')}  ${printable(action)}`);
    print(`         ${printable(on)}`);
    if (why !== undefined) print(`         ${printable(why)}`);
  }
  if (denied + unknown === 0) print(green('AWS would permit everything that was asked.'));
}

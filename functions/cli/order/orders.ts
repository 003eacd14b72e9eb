import { Command } from 'commander';
import { systemClock } from '../../clock';
import type { Reply } from '../../control/reply';
import type { LogEvent } from '../../log/event';
import { accountId } from '../account-option';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { remarkOn } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note, print, printable, printJson } from '../print/printed';
import { planOf, printWaiting } from '../rollback/trails-text';
import { isConfirmed } from './confirmed';
import { type Given, openControl } from './control';
import { type Filter, isWaiting, maxRemediations, trailsOf } from './remediations';

interface Options extends GlobalOptions, Filter {
  readonly why?: string;
  readonly yes?: boolean;
  readonly plan?: string;
}

const afterwards = `
The order goes, signed with your credentials, to the control endpoint of the hub in this account and region: it takes your name from the
signature, holds it against the approvers of the policy, and writes both into the log.

Exit codes:
  0  done
  1  refused, or not confirmed`;

/** The plans that wait for an approval. */
export function approvalsCommand(): Command {
  return filtered(new Command('approvals').description('Lists the plans that wait for an approval.')).action(
    async (_, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const trails = await waiting(options, Number.POSITIVE_INFINITY);
      if (options.json) printJson(trails.map((events) => events.at(-1)));
      else if (trails.length === 0) print(`Nothing waits for an approval.${remarkOn(options.rule)}`);
      else printWaiting(trails);
    },
  );
}

export const approveCommand = (): Command =>
  answerCommand('approve', 'Approves plans that wait: the rule looks again, and fixes only if the plan is still the same.')
    .option('--plan <hash>', 'only if this is the plan that waits: the hash that you were told, or its first 16 digits')
    .action(async (ids: readonly string[], _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { plan, why } = options;
      if (plan !== undefined && ids.length !== 1) throw new Unable('A plan is of one remediation: give its id with --plan.');
      const named = ids.map((remediation) => ({ remediation, ...(plan !== undefined && { plan }) }));
      // Of those that are listed, each as it was shown.
      const chosen = ids.length > 0 ? named : (await choose('approve', options)).map(shownIn);
      await give(
        chosen.map((one) => ({ order: 'approve', ...one, ...(why !== undefined && { why }) })),
        options,
      );
    });

export const rejectCommand = (): Command =>
  answerCommand('reject', 'Rejects plans that wait: the rule leaves the resource alone.').action(
    async (ids: readonly string[], _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { why } = options;
      if (why === undefined) throw new Unable('A rejection needs a reason: --why.');
      const chosen = ids.length > 0 ? ids : (await choose('reject', options)).map((events) => shownIn(events).remediation);
      await give(
        chosen.map((remediation) => ({ order: 'reject', remediation, why })),
        options,
      );
    },
  );

const answerCommand = (order: 'approve' | 'reject', description: string): Command =>
  filtered(new Command(order).description(description))
    .argument('[remediation...]', 'their ids, as `posture approvals` shows them; or choose by the options below')
    .option('--why <text>', 'the reason, for the log')
    .option('--yes', 'without asking; needed where nobody can be asked')
    .addHelpText('after', afterwards);

function shownIn(events: readonly LogEvent[]): { readonly remediation: string; readonly plan?: string } {
  const plan = planOf(events);
  return { remediation: events[0]?.remediation ?? '', ...(plan !== undefined && { plan }) };
}

/** Those that wait and fit, once they were shown and confirmed; none where they were not. */
async function choose(order: string, options: Options): Promise<readonly (readonly LogEvent[])[]> {
  const { rule, account, since, until, yes } = options;
  if ([rule, account, since, until].every((one) => one === undefined))
    throw new Unable('Say which: ids of remediations, or --rule, --account, --since, --until. `posture approvals` lists them.');
  const trails = await waiting(options, maxRemediations);
  if (trails.length === 0) throw new Unable(`Nothing that fits waits for an approval.${remarkOn(rule)}`);
  if (!options.json) printWaiting(trails);
  if (!yes && !(await isConfirmed(`${order} these ${trails.length}?`))) {
    note('Nothing was ordered.');
    return [];
  }
  return trails;
}

async function waiting(filter: Filter, limit: number) {
  const caller = await findCaller();
  const tables = await openTables(caller, ['log']);
  return trailsOf(tables, ['awaiting-approval', 'partly-fixed'], filter, (events) => isWaiting(events, systemClock.now()), limit);
}

/** Lets a rule fix a resource again. */
export const releaseCommand = (): Command =>
  reasoned(new Command('release'), 'Lets the rule fix the resource again, after a rollback or a rejection.')
    .argument('<remediation>', 'the one that was rolled back or rejected')
    .action(async (remediation: string, _, command: Command) => orderWith(command, (why) => ({ order: 'release', remediation, why })));

export const stopCommand = (): Command =>
  reasoned(new Command('stop'), 'Stops all changes at once. Rollbacks and reading go on.').action(async (_, command: Command) =>
    orderWith(command, (why) => ({ order: 'stop', why })),
  );

export const resumeCommand = (): Command =>
  reasoned(new Command('resume'), 'Lets changes be made again.').action(async (_, command: Command) =>
    orderWith(command, (why) => ({ order: 'resume', why })),
  );

export const breakerCommand = (): Command =>
  new Command('breaker').description('Controls the circuit breakers of rules.').addCommand(
    reasoned(new Command('close'), 'Closes the circuit breaker of a rule. The rule then acts as the policy allows.')
      .argument('<rule>', 'its id')
      .action(async (rule: string, _, command: Command) => orderWith(command, (why) => ({ order: 'close-breaker', rule, why }))),
  );

export const fixCommand = (): Command =>
  reasoned(new Command('fix'), 'Has a rule look at a resource now; what it may do there the policy says.')
    .argument('<resource>', 'its ARN')
    .requiredOption('--rule <id>', 'the rule')
    .action(async (resource: string, { rule }: { readonly rule: string }, command: Command) =>
      orderWith(command, (why) => ({ order: 'fix', rule, resource, why })),
    );

function reasoned(command: Command, description: string): Command {
  return command.description(description).requiredOption('--why <text>', 'the reason, for the log').addHelpText('after', afterwards);
}

async function orderWith(command: Command, given: (why: string) => Given): Promise<void> {
  const options = command.optsWithGlobals<Options>();
  await give([given(options.why ?? '')], options);
}

async function give(orders: readonly Given[], { json }: GlobalOptions): Promise<void> {
  if (orders.length === 0) {
    process.exitCode = 1;
    return;
  }
  const send = await openControl(await findCaller());
  const replies: Reply[] = [];
  for (const [index, order] of orders.entries()) {
    const reply = await send(order);
    replies.push(reply);
    if (!json) printReply(reply, orders.length > 1 ? `${index + 1} of ${orders.length}  ` : '');
  }
  if (json) printJson(orders.length === 1 ? replies[0] : replies);
  if (replies.some(({ done }) => !done)) process.exitCode = 1;
}

function printReply(reply: Reply, count: string): void {
  const reason = printable(reply.reason);
  if (reply.done) print(`${count}done  ${reason}`);
  else note(`${count}refused (${reply.refused})  ${reason}`);
}

const filtered = (command: Command): Command =>
  command
    .option('--rule <id>', 'of this rule')
    .option('--account <id>', 'in this account', accountId)
    .option('--since <time>', 'not before: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'not after: as --since; a day is included');

import { Command } from 'commander';
import { systemClock } from '../../clock';
import type { Reply } from '../../control/reply';
import { type Stoppable, stoppable } from '../../coordination/stop';
import type { RemediationRecord } from '../../log/record';
import { nameOf } from '../../log/trail';
import { accountId } from '../account-option';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { remarkOn } from '../choose-rules';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { note, print, printable, printJson } from '../print/printed';
import { planOf, printWaiting } from '../rollback/trails-text';
import { breakersCommand } from './breakers';
import { isConfirmed } from './confirmed';
import { type Given, openControl } from './control';
import { type Filter, isWaiting, maxRemediations, recordsWith } from './remediations';

interface Options extends GlobalOptions, Filter {
  readonly why?: string;
  readonly yes?: boolean;
  readonly plan?: string;
}

const afterwards = (authorized: string): string => `
The request is signed with your credentials and sent to the control endpoint in the central account and Region, which logs the request.
${authorized}

Exit codes:
  0  success
  1  refused, or failed`;

const authorized = {
  resource: 'Only approvers in the policy for the rule, the account and the resource are authorized.',
  rule: 'Only approvers in the policy for the rule in all accounts, or without restrictions, are authorized.',
  everything: 'Only approvers in the policy without restrictions are authorized.',
  all: 'All operators with permission to call the endpoint are authorized. The approvers in the policy are not checked.',
} as const;

/** The plans that await approval. */
export function approvalsCommand(): Command {
  return filtered(new Command('approvals').description('Lists the plans that await approval.')).action(async (_, command: Command) => {
    const options = command.optsWithGlobals<Options>();
    const records = await waiting(options, Number.POSITIVE_INFINITY);
    if (options.json) printJson(records.map(({ events }) => events.at(-1)));
    else if (records.length === 0) print(`No plan awaits approval.${remarkOn(options.rule)}`);
    else printWaiting(records);
  });
}

export const approveCommand = (): Command =>
  answerCommand('approve', 'Approves plans. The rule inspects the resource again and applies the plan only if it has not changed.')
    .option('--plan <hash>', 'only if this plan awaits approval: its hash from the notification, or the first 16 digits')
    .action(async (ids: readonly string[], _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { plan, why } = options;
      if (plan !== undefined && ids.length !== 1) throw new Unable('--plan requires the id of exactly one remediation.');
      const named = ids.map((remediation) => ({ remediation, ...(plan !== undefined && { plan }) }));
      // Of the listed plans, approve exactly those that were shown.
      const chosen = ids.length > 0 ? named : (await choose('approve', options)).map(shownIn);
      await give(
        chosen.map((one) => ({ order: 'approve', ...one, ...(why !== undefined && { why }) })),
        options,
      );
    });

export const rejectCommand = (): Command =>
  answerCommand('reject', 'Rejects plans. The rule does not change the resource.').action(
    async (ids: readonly string[], _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { why } = options;
      if (why === undefined) throw new Unable('A rejection requires a reason: --why.');
      const chosen = ids.length > 0 ? ids : (await choose('reject', options)).map((record) => shownIn(record).remediation);
      await give(
        chosen.map((remediation) => ({ order: 'reject', remediation, why })),
        options,
      );
    },
  );

const answerCommand = (order: 'approve' | 'reject', description: string): Command =>
  filtered(new Command(order).description(description))
    .argument('[remediation...]', 'ids of remediations, listed by `posture approvals`; or use the filters below')
    .option('--why <text>', 'the reason, for the audit log')
    .option('--yes', 'skip the confirmation; required without an interactive terminal')
    .addHelpText('after', afterwards(authorized.resource));

function shownIn(record: RemediationRecord): { readonly remediation: string; readonly plan?: string } {
  const plan = planOf(record.events);
  return { remediation: nameOf(record), ...(plan !== undefined && { plan }) };
}

/** The matching plans, after the confirmation; none without it. */
async function choose(order: string, options: Options): Promise<readonly RemediationRecord[]> {
  const { rule, account, since, until, yes } = options;
  if ([rule, account, since, until].every((one) => one === undefined))
    throw new Unable(
      'Specify ids of remediations, or at least one of --rule, --account, --since, --until. `posture approvals` lists the plans.',
    );
  const records = await waiting(options, maxRemediations);
  if (records.length === 0) throw new Unable(`No matching plan awaits approval.${remarkOn(rule)}`);
  if (!options.json) printWaiting(records);
  if (
    !yes &&
    !(await isConfirmed(
      `${order === 'approve' ? 'Approve' : 'Reject'} ${records.length === 1 ? 'this plan' : `these ${records.length} plans`}?`,
    ))
  ) {
    note('Not confirmed. No request was sent.');
    return [];
  }
  return records;
}

async function waiting(filter: Filter, limit: number) {
  const caller = await findCaller();
  const tables = await openTables(caller, ['log']);
  return recordsWith(
    tables,
    ['awaiting-approval', 'partly-fixed'],
    filter,
    'deployed',
    (events) => isWaiting(events, systemClock.now()),
    limit,
  );
}

/** Allows a rule to fix a resource again. */
export const releaseCommand = (): Command =>
  reasoned(new Command('release'), 'Allows the rule to fix the resource again after a rollback or a rejection.', 'resource')
    .argument('<remediation>', 'the id of the remediation that was rolled back or rejected')
    .action(async (remediation: string, _, command: Command) => orderWith(command, (why) => ({ order: 'release', remediation, why })));

export const stopCommand = (): Command =>
  halves(reasoned(new Command('stop'), 'Stops changes immediately. Rollbacks and read-only commands still work.', 'all')).action(
    async (_, command: Command) => orderWith(command, (why) => ({ order: 'stop', ...changesOf(command), why })),
  );

export const resumeCommand = (): Command =>
  halves(reasoned(new Command('resume'), 'Allows changes again after `posture stop`.', 'everything')).action(async (_, command: Command) =>
    orderWith(command, (why) => ({ order: 'resume', ...changesOf(command), why })),
  );

const halves = (command: Command): Command =>
  command
    .option('--settings', 'only the changes of settings; without an option, all changes')
    .option('--responses', 'only the responses to threats');

function changesOf(command: Command): { readonly changes?: Stoppable } {
  const given = command.opts<Partial<Record<Stoppable, boolean>>>();
  const chosen = stoppable.filter((one) => given[one]);
  return chosen.length === 1 && chosen[0] ? { changes: chosen[0] } : {};
}

export const breakerCommand = (): Command =>
  breakersCommand().addCommand(
    reasoned(new Command('close'), 'Closes the circuit breaker of a rule, which then acts according to the policy again.', 'rule')
      .argument('<rule>', 'the id of the rule')
      .option('--account <id>', 'only the breaker in this account; without it, that of all accounts and of each', accountId)
      .action(async (rule: string, { account }: { readonly account?: string }, command: Command) =>
        orderWith(command, (why) => ({ order: 'close-breaker', rule, ...(account !== undefined && { account }), why })),
      ),
  );

export const fixCommand = (): Command =>
  reasoned(new Command('fix'), 'Runs a rule on a resource now. The policy determines whether the rule can change it.', 'all')
    .argument('<resource>', 'the ARN of the resource')
    .requiredOption('--rule <id>', 'the id of the rule')
    .action(async (resource: string, { rule }: { readonly rule: string }, command: Command) =>
      orderWith(command, (why) => ({ order: 'fix', rule, resource, why })),
    );

function reasoned(command: Command, description: string, who: keyof typeof authorized): Command {
  return command
    .description(description)
    .requiredOption('--why <text>', 'the reason, for the audit log')
    .addHelpText('after', afterwards(authorized[who]));
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
    .option('--rule <id>', 'only this rule')
    .option('--account <id>', 'only this account', accountId)
    .option('--since <time>', 'start time: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'end time, in the same formats; a date includes that day');

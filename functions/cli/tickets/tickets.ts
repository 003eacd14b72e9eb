import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Command } from 'commander';
import { ulid } from 'ulid';
import { systemClock } from '../../clock';
import type { Tickets } from '../../policy/tickets';
import { type Secret, secretsManagerSecret } from '../../tickets/secret';
import { isTrackerError } from '../../tickets/tracker-error';
import { tryTracker } from '../../tickets/try-tracker';
import { trackerOf } from '../../tickets/vendors/tracker-of';
import { findCaller } from '../central/caller';
import { sentence, Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { ownFile, readPolicyFile } from '../policy/policy-file';
import { print, printable, printJson } from '../print/printed';
import { checkChannels, type PartCheck } from './check-channels';

const afterwards = `
Both read the secrets that the policy names with your own permissions (secretsmanager:GetSecretValue). To find the endpoint of
answers, \`check\` needs cloudformation:DescribeStacks.

Exit codes:
  0  success; for \`check\`: nothing is wrong
  1  error, or something is wrong; it is on standard error

Examples:
  posture tickets check
  posture tickets test`;

/** The commands that try the tracker of the policy file, before it is deployed. */
export function ticketsCommand(): Command {
  const command = new Command('tickets')
    .description('Checks and tries the tracker of the policy file. The default [file] is posture.yaml in this repository.')
    .addHelpText('after', afterwards);
  command
    .command('check')
    .description(
      'Checks the project, the permissions and the required fields; Slack, PagerDuty and the endpoint of answers. Changes nothing.',
    )
    .argument('[file]', 'the policy file', ownFile)
    .action((file: string, _, self: Command) => check(file, self.optsWithGlobals<GlobalOptions>()));
  command
    .command('test')
    .description('Opens a ticket, comments, closes, reopens and closes it, and searches for it.')
    .argument('[file]', 'the policy file', ownFile)
    .action((file: string, _, self: Command) => test(file, self.optsWithGlobals<GlobalOptions>()));
  return command;
}

async function check(file: string, { json }: GlobalOptions): Promise<void> {
  const { tracker, tickets, secretOf, caller } = await open(file);
  const checks: readonly PartCheck[] = [
    { part: named(tickets), problems: await explained(() => tracker.check()) },
    ...(await explained(() => checkChannels(tickets, secretOf, caller))),
  ];
  const problems = checks.flatMap((one) => one.problems);
  if (json) {
    const unchecked = checks.flatMap((one) => one.unchecked ?? []);
    printJson({ valid: problems.length === 0, problems, ...(unchecked.length > 0 && { unchecked }) });
    if (problems.length > 0) process.exitCode = 1;
    return;
  }
  const wrong = checks.filter((one) => one.problems.length > 0).map(({ part }) => part);
  if (problems.length > 0)
    throw new Unable(
      `${wrong.join(', ')} can't be used:`,
      problems.map(({ message }) => message),
    );
  for (const { part, unchecked } of checks.slice(1)) print(unchecked ?? `${part} can be used.`);
  print(`${named(tickets)} can be used. To try it: posture tickets test`);
}

async function test(file: string, { json }: GlobalOptions): Promise<void> {
  const { tracker, tickets } = await open(file);
  const wrong = await explained(() => tracker.check());
  if (wrong.length > 0)
    throw new Unable(
      `${named(tickets)} can't be used. Nothing was opened:`,
      wrong.map(({ message }) => message),
    );
  const mark = `posture-test-${ulid().slice(-16).toLowerCase()}`;
  const { ticket, problems, foundAfter } = await explained(() =>
    tryTracker(tracker, mark, { clock: systemClock, within: tickets.tracker.searchLag }),
  );
  if (json)
    printJson({ ticket: ticket.key, url: ticket.url, ...(foundAfter !== undefined && { foundAfterSeconds: foundAfter }), problems });
  else {
    print(`${printable(ticket.key)} was opened, commented, closed, reopened and closed: ${printable(ticket.url)}`);
    if (foundAfter !== undefined)
      print(`A search found it after ${foundAfter} seconds; tickets.tracker.searchLag is ${tickets.tracker.searchLag}.`);
  }
  if (problems.length > 0) {
    if (json) process.exitCode = 1;
    else throw new Unable('The tracker is not as the function needs it:', problems);
  }
}

async function open(file: string) {
  const {
    policy: { tickets },
  } = readPolicyFile(file);
  if (!tickets) throw new Unable(`${printable(file)} names no tracker. Add the section \`tickets\`; docs/tickets.md describes it.`);
  const caller = await findCaller();
  const client = new SecretsManagerClient({ region: caller.region, credentials: caller.credentials });
  const secretOf = (name: string): Secret => {
    const secret = secretsManagerSecret(client, name, systemClock);
    const readable = async () =>
      secret.read().catch((error: unknown) => {
        throw new Unable(sentence(error));
      });
    return { ...secret, read: readable };
  };
  const secret = secretOf(tickets.tracker.secret);
  await secret.read();
  return { tracker: trackerOf(tickets.tracker, secret, { clock: systemClock }), tickets, secretOf, caller };
}

/** What a tracker says is for readers. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isTrackerError(error)) throw error;
    const advice = error.failure === 'unauthorized' ? ' Replace the credentials in the secret; docs/tickets.md lists its fields.' : '';
    throw new Unable(`${sentence(error)}${advice}`);
  }
}

const named = ({ tracker: { vendor, project } }: Tickets): string => `${printable(project)} (${vendor})`;

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Command } from 'commander';
import { notFound } from '../../../rules/rule';
import { connect } from '../../aws/connection';
import { loadRules } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import { resourceOf } from '../../findings/identify';
import { findBreaks } from '../../log/chain';
import type { LogEvent } from '../../log/event';
import { eventBridgePublisher, publishOutcome } from '../../outcomes/publish-outcome';
import type { Result } from '../../remediate/context';
import { recordsIn } from '../../remediate/create-ports';
import { readFix } from '../../rollback/read-fix';
import { RollbackImpossible, rollback } from '../../rollback/rollback';
import { accountId } from '../account-option';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { Unable } from '../failure';
import { isConfirmed } from '../order/confirmed';
import { ownerPolicy } from '../policy/policy-file';
import { note, printable } from '../print/printed';
import { type Options, rollBackMany } from './rollback-many';
import { type Proof, printIntention, printResult } from './rollback-text';

const afterwards = `
Shows what will be undone and asks before it does it. It is done with your own credentials, or with the rule's member role in another
account, and logged under your name. With --deployed the function of the rule does it, if the policy has you among its approvers, also while
all changes are stopped. The log and coordination tables are those of the hub in this account and region. Of several, one that fails does
not hold up the others. What was rolled back is not fixed again until \`posture release\`.

Exit codes:
  0  the resource is as it was before, or as near as AWS allows; of several, all are
  1  refused, not confirmed, or failed

Examples:
  posture log --rule s3-bucket-versioning-enabled --outcome fixed
  posture rollback 01K6Z3NDEKTSV4RRFFQ69G5FAV
  posture rollback 01K6Z3NDEKTSV4RRFFQ69G5FAV --yes --json
  posture rollback --rule s3-bucket-tls-required --account 111122223333 --since 2h --deployed --why "The clients break"`;

export function rollbackCommand(): Command {
  return new Command('rollback')
    .description('Takes back what a remediation changed, from the log alone, and proves it.')
    .argument('[remediation...]', 'their ids, as `posture log` shows them; or choose by the options below')
    .option('--rule <id>', 'all fixes of this rule')
    .option('--account <id>', 'all fixes in this account', accountId)
    .option('--since <time>', 'all fixes not before: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'all fixes not after: as --since; a day is included')
    .option('--deployed', 'by the deployed functions; needs --why')
    .option('--why <text>', 'the reason, for the log')
    .option('--force', 'also where the resource has changed since: what others changed may be lost')
    .option('--yes', 'without asking; needed where nobody can be asked')
    .addHelpText('after', afterwards)
    .action(async (ids: readonly string[], _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const [only, ...others] = ids;
      const one = only !== undefined && others.length === 0 && !options.deployed;
      if (!one) process.exitCode = await rollBackMany(ids, options, rollBackOne);
      else {
        const proof = await rollBack(only, options);
        if (proof) printResult(proof, options.json ?? false);
        process.exitCode = proof?.result.outcome === 'rolled-back' ? 0 : 1;
      }
    });
}

async function rollBackOne(remediation: string, options: Options): Promise<Result | undefined> {
  const proof = await rollBack(remediation, options);
  if (proof && !options.json) printResult(proof, false);
  return proof?.result;
}

/** How long a rollback may take, in seconds. */
const maxRun = 300;

/** Prints what will be undone, asks, and does it. Undefined: it was not confirmed. */
async function rollBack(remediation: string, { force = false, yes = false, json = false, why }: Options): Promise<Proof | undefined> {
  const caller = await findCaller();
  const records = recordsIn(await openTables(caller, ['log', 'coordination']), systemClock);
  const { log } = records;
  const events = await log.read(remediation);
  const [first] = events;
  if (!first) throw new Unable(`The log has no remediation ${printable(remediation)}. \`posture log\` lists them.`);
  const rule = ruleOf(first);
  const [broken] = findBreaks(events);
  if (broken)
    throw new Unable(`The log of remediation ${printable(remediation)} can't be trusted, so nothing is sent from it. ${printable(broken)}`);
  const fix = readFix(events, remediation, rule);
  if ('refused' in fix) throw new Unable(printable(fix.refused));
  if (!json) printIntention(events, force);
  if (!yes && !(await isConfirmed('Take this back?'))) {
    note('Nothing was changed.');
    return undefined;
  }

  const aws = connect(rule.clients, { region: first.region, credentials: caller.credentialsFor(rule.id, first) });
  try {
    const result = await rollback(
      { remediation, force, why },
      {
        ...records,
        rule,
        aws,
        actor: caller.arn,
        policy: async () => ownerPolicy(),
        secondsLeft: () => maxRun,
        publishOutcome: publishOutcome(eventBridgePublisher(new EventBridgeClient({ maxAttempts: 3 }), 'posture', systemClock), async () =>
          ownerPolicy(),
        ),
        count: () => {},
        warn: (message, details) => note(printable(`${message}: ${JSON.stringify(details)}`)),
      },
    );
    const { parameters } = events.find(({ kind }) => kind === 'planned') ?? first;
    const state = await rule.inspect(resourceOf(rule, first), aws, parameters, systemClock.now());
    return { result, events: await log.read(remediation), state: state === notFound ? undefined : state };
  } catch (error) {
    throw error instanceof RollbackImpossible ? new Unable(printable(error.message)) : error;
  }
}

function ruleOf({ rule: id }: LogEvent) {
  const entry = loadRules().find(({ rule }) => rule.id === id);
  if (entry) return entry.rule;
  throw new Unable(
    `The rule ${printable(id)} is no longer in this catalogue, so its calls can't be sent again. Use the version of this software that made the fix; \`posture log --remediation\` names it.`,
  );
}

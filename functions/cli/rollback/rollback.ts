import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Command } from 'commander';
import { notFound } from '../../../rules/rule';
import { connect } from '../../aws/connection';
import { loadRules } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import { resourceOf } from '../../findings/identify';
import { eventBridgePublisher, publishOutcome } from '../../outcomes/publish-outcome';
import type { Result } from '../../remediate/context';
import { recordsIn } from '../../remediate/create-ports';
import { RollbackImpossible } from '../../rollback/codes';
import { readFix } from '../../rollback/read-fix';
import { rollback } from '../../rollback/rollback';
import { reasonOf } from '../../untrusted-text';
import { accountId } from '../account-option';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { Unable } from '../failure';
import { isConfirmed } from '../order/confirmed';
import { ownerPolicy } from '../policy/policy-file';
import { note, printable } from '../print/printed';
import { versionOfThis } from '../version';
import { expectOwnRecord } from './own-record';
import { type Options, rollBackMany } from './rollback-many';
import { type Proof, printIntention, printResult } from './rollback-text';

const afterwards = `
Shows what will be reverted and asks for confirmation. With --deployed, the function of the rule rolls back what it changed, in any account, if
you are an approver in the policy. Without --deployed, only what you changed yourself with \`posture replay\` is rolled back, with your own
credentials: in your own account, because the member roles in other accounts trust only the functions. That requires permission to insert into
the log table and to write to the coordination table in the central account and Region. Rollbacks also work while changes are stopped. If one of
several rollbacks fails, the others continue. With --deployed, the rule does not fix the resource again until the exemption ends, or until
\`posture release\`. Without it, no exemption is recorded, and the next finding may fix the resource again.

Exit codes:
  0  all are rolled back: each resource is as it was before, or as close as AWS allows
  1  refused, not confirmed, or failed

Examples:
  posture log --rule s3-bucket-versioning-enabled --outcome fixed
  posture rollback 01K6Z3NDEKTSV4RRFFQ69G5FAV --deployed --why "The clients break"
  posture rollback --rule s3-bucket-tls-required --account 111122223333 --since 2h --deployed --why "The clients break"`;

export function rollbackCommand(): Command {
  return new Command('rollback')
    .description('Rolls back the changes of a remediation, using only the log, and verifies the result.')
    .argument('[remediation...]', 'ids of remediations, listed by `posture log`; or use the filters below')
    .option('--rule <id>', 'only fixes by this rule')
    .option('--account <id>', 'only fixes in this account', accountId)
    .option('--since <time>', 'start time: 2026-03-01, 2026-03-01T09:30:00Z, 24h, 7d')
    .option('--until <time>', 'end time, in the same formats; a date includes that day')
    .option('--deployed', 'roll back with the deployed functions, in any account; requires --why')
    .option('--why <text>', 'the reason, for the audit log')
    .option('--force', 'roll back even if the resource has changed since; later changes by others may be lost')
    .option('--yes', 'skip the confirmation; required without an interactive terminal')
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

/** The maximum duration of a rollback, in seconds. */
const maxRun = 300;

/** Prints what will be reverted, asks for confirmation, and rolls back. Undefined: not confirmed. */
async function rollBack(given: string, { force = false, yes = false, json = false, why }: Options): Promise<Proof | undefined> {
  const caller = await findCaller();
  const tables = await openTables(caller, ['log', 'orders', 'coordination']);
  const record = await expectOwnRecord(tables, given, caller);
  const { remediation } = record;
  const [{ events } = { events: [] }] = record.trails;
  const [first] = events;
  if (!first) throw new Unable(`The log has no remediation ${printable(given)}. \`posture log\` lists them.`);
  const rule = ruleOf(record.rule);
  const fix = readFix(events, remediation, rule);
  if ('refused' in fix) throw new Unable(printable(fix.refused));
  const records = recordsIn(tables, { by: 'local', rule: rule.id, user: caller.userId }, systemClock);
  if (!json) printIntention(events, force);
  if (!yes && !(await isConfirmed('Roll back this remediation?'))) {
    note('Not confirmed. No changes were made.');
    return undefined;
  }

  const aws = connect(rule.clients, { region: first.region, credentials: caller.credentialsFor(rule.id, first) });
  try {
    const result = await rollback(
      { remediation, force, why: why === undefined ? undefined : reasonOf(why) },
      {
        ...records,
        rule,
        version: versionOfThis(),
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
    const state = await rule.inspect(resourceOf(rule, fix.last), aws, parameters, systemClock.now());
    return { result, events: await records.log.read(remediation), state: state === notFound ? undefined : state };
  } catch (error) {
    throw error instanceof RollbackImpossible ? new Unable(printable(error.message)) : error;
  }
}

function ruleOf(id: string) {
  const entry = loadRules().find(({ rule }) => rule.id === id);
  if (entry) return entry.rule;
  throw new Unable(
    `This version has no rule ${printable(id)}, so its calls can't be sent. Use the version of this software that made the fix; \`posture log --remediation\` shows it.`,
  );
}

import { poll } from '../../backoff';
import { systemClock } from '../../clock';
import { seconds } from '../../duration';
import type { Kind, LogEvent } from '../../log/event';
import { dynamoLog, type Log } from '../../log/log';
import type { Result } from '../../remediate/context';
import { findCaller } from '../central/caller';
import { openTables } from '../central/deployed-tables';
import { remarkOn } from '../choose-rules';
import { explain, Unable } from '../failure';
import { outcomeColour } from '../log/log-text';
import { isConfirmed } from '../order/confirmed';
import { openControl } from '../order/control';
import { type Filter, isFixed, maxRemediations, trailsOf } from '../order/remediations';
import { note, print, printable, printJson } from '../print/printed';
import { printFixed } from './trails-text';

export interface Options extends Filter {
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
  readonly deployed?: boolean;
  readonly why?: string;
}

/** The outcome of one rollback, or why it was not attempted. */
type ManyResult = Pick<Result, 'remediation' | 'reason'> & { readonly outcome: Result['outcome'] | 'not-done' };

/** Rolls back one remediation from here; undefined if it was not confirmed. */
export type RollBack = (remediation: string, options: Options) => Promise<Result | undefined>;

/** Rolls back several remediations, the newest first, after a confirmation. A failure does not stop the others. Returns the exit code. */
export async function rollBackMany(ids: readonly string[], options: Options, one: RollBack): Promise<0 | 1> {
  const { yes, deployed, why, json } = options;
  checkRequest(ids, options);
  const caller = await findCaller();
  const tables = await openTables(caller, ['log']);
  const log = dynamoLog(tables.dynamo, tables.log);
  const trails = await chosen();
  if (!json) printFixed(trails);
  if (!yes && !(await isConfirmed(`Roll back ${trails.length === 1 ? 'this remediation' : `these ${trails.length} remediations`}?`))) {
    note('Not confirmed. No changes were made.');
    return 1;
  }
  const order = deployed ? await openControl(caller) : undefined;
  const results: ManyResult[] = [];
  for (const [index, events] of trails.entries()) {
    const remediation = events[0]?.remediation ?? '';
    if (!json) print(`${index + 1} of ${trails.length}  ${printable(remediation)}`);
    const result = await (order ? ordered(remediation, events) : fromHere(remediation)).catch((error: unknown): ManyResult => {
      const reason = explain(error);
      if (!json) note(`  ${reason}`);
      return { remediation, outcome: 'not-done', reason };
    });
    results.push(result);
  }
  const done = results.filter(({ outcome }) => outcome === 'rolled-back').length;
  if (json) printJson(results);
  else print(`${done} of ${trails.length} rolled back`);
  return done === trails.length ? 0 : 1;

  async function chosen(): Promise<readonly (readonly LogEvent[])[]> {
    if (ids.length === 0) {
      const found = await trailsOf(tables, ['fixed', 'partly-fixed', 'rollback-failed'], options, isFixed, maxRemediations);
      if (found.length === 0) throw new Unable(`No matching remediation can be rolled back.${remarkOn(options.rule)}`);
      return found;
    }
    // Ids begin with the time: the latest change of a resource is rolled back first.
    const newestFirst = [...new Set(ids)].sort().reverse();
    const named = await Promise.all(newestFirst.map((id) => log.read(id)));
    const missing = newestFirst[named.findIndex((events) => events.length === 0)];
    if (missing !== undefined) throw new Unable(`The log has no remediation ${printable(missing)}. \`posture log\` lists them.`);
    return named;
  }

  async function ordered(remediation: string, events: readonly LogEvent[]): Promise<ManyResult> {
    const { force = false } = options;
    const reply = await order?.({ order: 'rollback', remediation, why: why ?? '', force });
    if (!reply?.done) {
      const instead =
        reply?.refused === 'forbidden' ? ' Without --deployed, the rollback uses your own permissions in the account of the resource.' : '';
      throw new Unable(`${reply?.reason ?? ''}${instead}`);
    }
    const end = await endAfter(remediation, events.length, log);
    if (!end?.outcome)
      throw new Unable(
        `The rollback was requested and has not finished yet. Follow it with \`posture log --remediation ${printable(remediation)}\`.`,
      );
    if (!json) print(`  ${outcomeColour(end.outcome)}  ${printable(end.reason)}`);
    return { remediation, outcome: end.outcome, reason: end.reason };
  }

  async function fromHere(remediation: string): Promise<ManyResult> {
    const result = await one(remediation, { ...options, yes: true });
    return result ?? { remediation, outcome: 'not-done', reason: 'Not confirmed.' };
  }
}

function checkRequest(ids: readonly string[], { rule, account, since, until, deployed, why }: Options): void {
  if (ids.length === 0 && [rule, account, since, until].every((given) => given === undefined))
    throw new Unable(
      'Specify ids of remediations, or at least one of --rule, --account, --since, --until. `posture log --outcome fixed` lists remediations.',
    );
  if (ids.length > maxRemediations) throw new Unable(`${ids.length} remediations were specified. The maximum is ${maxRemediations}.`);
  if (deployed && why === undefined) throw new Unable('--deployed requires a reason: --why.');
}

const ends: readonly Kind[] = ['rolled-back', 'rollback-refused', 'rollback-failed'];
/** A rollback takes seconds; one that waits for another worker is retried after a minute. */
const patience = { clock: systemClock, pauses: [seconds(1)], within: seconds(90) };

/** The final event of a rollback after the known events; undefined if there is none in time. */
async function endAfter(remediation: string, known: number, log: Log): Promise<LogEvent | undefined> {
  const endSince = async () => (await log.read(remediation)).slice(known).find(({ kind }) => ends.includes(kind));
  return poll(endSince, (end) => end !== undefined, patience);
}

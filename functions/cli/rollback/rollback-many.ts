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

/** How one of them ended, or why it was not even tried. */
type ManyResult = Pick<Result, 'remediation' | 'reason'> & { readonly outcome: Result['outcome'] | 'not-done' };

/** Takes one back from here; undefined where it was not confirmed. */
export type RollBack = (remediation: string, options: Options) => Promise<Result | undefined>;

/** Takes several remediations back, the newest first: shows them, asks, and tells how far it is. One that fails does not hold up the others. The exit code. */
export async function rollBackMany(ids: readonly string[], options: Options, one: RollBack): Promise<0 | 1> {
  const { yes, deployed, why, json } = options;
  checkRequest(ids, options);
  const caller = await findCaller();
  const tables = await openTables(caller, ['log']);
  const log = dynamoLog(tables.dynamo, tables.log);
  const trails = await chosen();
  if (!json) printFixed(trails);
  if (!yes && !(await isConfirmed(`Take these ${trails.length} back?`))) {
    note('Nothing was changed.');
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
      if (found.length === 0) throw new Unable(`Nothing that fits was fixed, or all of it was rolled back.${remarkOn(options.rule)}`);
      return found;
    }
    // By their ids, which begin with the time: what was changed last on a resource is the first to be taken back.
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
      const instead = reply?.refused === 'forbidden' ? ' Without --deployed it is done with your own rights where the resource is.' : '';
      throw new Unable(`${reply?.reason ?? ''}${instead}`);
    }
    const end = await endAfter(remediation, events.length, log);
    if (!end?.outcome)
      throw new Unable(
        `It was ordered, and is not done yet. \`posture log --remediation ${printable(remediation)}\` tells what comes of it.`,
      );
    if (!json) print(`  ${outcomeColour(end.outcome)}  ${printable(end.reason)}`);
    return { remediation, outcome: end.outcome, reason: end.reason };
  }

  async function fromHere(remediation: string): Promise<ManyResult> {
    const result = await one(remediation, { ...options, yes: true });
    return result ?? { remediation, outcome: 'not-done', reason: 'It was not confirmed.' };
  }
}

function checkRequest(ids: readonly string[], { rule, account, since, until, deployed, why }: Options): void {
  if (ids.length === 0 && [rule, account, since, until].every((given) => given === undefined))
    throw new Unable('Say which: ids of remediations, or --rule, --account, --since, --until. `posture log --outcome fixed` lists them.');
  if (ids.length > maxRemediations)
    throw new Unable(`These are ${ids.length} remediations, and one order is about ${maxRemediations} at most.`);
  if (deployed && why === undefined) throw new Unable('What others are to do for you needs a reason: --why.');
}

const ends: readonly Kind[] = ['rolled-back', 'rollback-refused', 'rollback-failed'];
/** A rollback takes seconds; one that waits for another worker comes again after a minute. */
const patience = { clock: systemClock, pauses: [seconds(1)], within: seconds(90) };

/** The end of a rollback among the events after so many; undefined where none comes. */
async function endAfter(remediation: string, known: number, log: Log): Promise<LogEvent | undefined> {
  const endSince = async () => (await log.read(remediation)).slice(known).find(({ kind }) => ends.includes(kind));
  return poll(endSince, (end) => end !== undefined, patience);
}

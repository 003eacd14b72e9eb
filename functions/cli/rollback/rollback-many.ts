import { poll } from '../../backoff';
import { systemClock } from '../../clock';
import { seconds } from '../../duration';
import type { Kind, LogEvent } from '../../log/event';
import { readTrail } from '../../log/read-trail';
import type { RemediationRecord } from '../../log/record';
import { nameOf } from '../../log/trail';
import type { Result } from '../../remediate/context';
import { findCaller } from '../central/caller';
import { type DeployedTables, openTables } from '../central/deployed-tables';
import { expectRecord, expectTrustworthy } from '../central/find-record';
import { remarkOn } from '../choose-rules';
import { explain, Unable } from '../failure';
import { outcomeColour } from '../log/log-text';
import { isConfirmed } from '../order/confirmed';
import { openControl } from '../order/control';
import { type Filter, isRevertible, maxRemediations, outcomesWithChanges, recordsWith } from '../order/remediations';
import { note, print, printable, printJson } from '../print/printed';
import { expectOwnRecord } from './own-record';
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
  const records = await chosen();
  if (!json) printFixed(records);
  if (!yes && !(await isConfirmed(`Roll back ${records.length === 1 ? 'this remediation' : `these ${records.length} remediations`}?`))) {
    note('Not confirmed. No changes were made.');
    return 1;
  }
  const order = deployed ? await openControl(caller) : undefined;
  const results: ManyResult[] = [];
  for (const [index, record] of records.entries()) {
    const remediation = record.remediation;
    if (!json) print(`${index + 1} of ${records.length}  ${printable(remediation)}`);
    const result = await (order ? ordered(record) : fromHere(record)).catch((error: unknown): ManyResult => {
      const reason = explain(error);
      if (!json) note(`  ${reason}`);
      return { remediation, outcome: 'not-done', reason };
    });
    results.push(result);
  }
  const done = results.filter(({ outcome }) => outcome === 'rolled-back').length;
  if (json) printJson(results);
  else print(`${done} of ${records.length} rolled back`);
  return done === records.length ? 0 : 1;

  async function chosen(): Promise<readonly RemediationRecord[]> {
    if (ids.length === 0) {
      const from = deployed ? 'deployed' : { user: caller.userId };
      const found = await recordsWith(tables, outcomesWithChanges, options, from, isRevertible, maxRemediations);
      if (found.length === 0) throw new Unable(nothingFound(options));
      return found;
    }
    const named = await Promise.all([...new Set(ids)].map((id) => (deployed ? expectDeployed(id) : expectOwnRecord(tables, id, caller))));
    // Ids begin with the time: the latest change of a resource is rolled back first.
    return named.sort((a, b) => b.remediation.localeCompare(a.remediation));
  }

  async function expectDeployed(id: string): Promise<RemediationRecord> {
    const record = await expectRecord(tables, id, 'deployed');
    expectTrustworthy(record);
    return record;
  }

  async function ordered(record: RemediationRecord): Promise<ManyResult> {
    const { force = false } = options;
    const { remediation } = record;
    const reply = await order?.({ order: 'rollback', remediation: nameOf(record), why: why ?? '', force });
    if (!reply?.done) throw new Unable(reply?.reason ?? '');
    const end = await endAfter(record, tables);
    if (!end?.outcome)
      throw new Unable(
        `The rollback was requested and has not finished yet. Follow it with \`posture log --remediation ${printable(nameOf(record))}\`.`,
      );
    if (!json) print(`  ${outcomeColour(end.outcome)}  ${printable(end.reason)}`);
    return { remediation, outcome: end.outcome, reason: end.reason };
  }

  async function fromHere(record: RemediationRecord): Promise<ManyResult> {
    const { remediation } = record;
    const result = await one(nameOf(record), { ...options, yes: true });
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
async function endAfter({ rule, remediation, trails }: RemediationRecord, { dynamo, log }: DeployedTables): Promise<LogEvent | undefined> {
  const known = trails.find(({ trail }) => trail.by === 'rule')?.events.length ?? 0;
  const endSince = async () => {
    const { events } = await readTrail(dynamo, log, { by: 'rule', rule, remediation });
    return events.slice(known).find(({ kind }) => ends.includes(kind));
  };
  return poll(endSince, (end) => end !== undefined, patience);
}

function nothingFound({ deployed, rule }: Options): string {
  const instead = deployed
    ? ''
    : ' Without --deployed, only what you changed yourself with `posture replay` is rolled back: add --deployed for what the functions changed.';
  return `No matching remediation can be rolled back.${instead}${remarkOn(rule)}`;
}

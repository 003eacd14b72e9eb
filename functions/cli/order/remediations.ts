import { systemClock } from '../../clock';
import type { LogEvent, Outcome } from '../../log/event';
import { forgedIn, type LogQuestion, queryLog } from '../../log/query';
import { readTrail } from '../../log/read-trail';
import { type Origin, type RemediationRecord, recordOf } from '../../log/record';
import { nameOf, parseTrail, type Trail, trailKey } from '../../log/trail';
import { intentsIn, someMade } from '../../plan/intents';
import { waitsAlready } from '../../remediate/request-approval';
import type { DeployedTables } from '../central/deployed-tables';
import { Unable } from '../failure';
import { noteForged } from '../log/forged-text';
import { note, printable } from '../print/printed';
import { instant } from '../time-option';

/** A filter for remediations. */
export interface Filter {
  readonly rule?: string;
  readonly account?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The maximum number of remediations in one command. */
export const maxRemediations = 100;

/** Whose remediations are meant: those of the deployed functions, or of a user's command line. */
type From = Exclude<Origin, 'all'>;

/** The records of the matching remediations with these outcomes, the newest first; throws an Unable beyond the limit. */
export async function recordsWith(
  tables: DeployedTables,
  outcomes: readonly Outcome[],
  filter: Filter,
  from: From,
  isMeant: (events: readonly LogEvent[]) => boolean,
  limit: number,
): Promise<readonly RemediationRecord[]> {
  const question = questionOf(filter);
  const found = new Map<string, Trail>();
  for (const outcome of outcomes)
    for (const trail of await trailsWith(tables, { ...question, outcome })) if (isFrom(trail, from)) found.set(trailKey(trail), trail);
  const records: RemediationRecord[] = [];
  for (const trail of [...found.values()].sort((a, b) => b.remediation.localeCompare(a.remediation))) {
    const record = await readRecord(tables, trail);
    if (isTrustworthy(record) && isMeant(record.events)) records.push(record);
    if (records.length > limit)
      throw new Unable(`More than ${limit} remediations match. Narrow the selection with --rule, --account, --since or --until.`);
  }
  return records;
}

function questionOf({ rule, account, since, until }: Filter): LogQuestion {
  const now = systemClock.now();
  return {
    ...(rule !== undefined && { rule }),
    ...(account !== undefined && { account }),
    ...(since !== undefined && { since: instant('--since', since, { end: false, now }) }),
    ...(until !== undefined && { until: instant('--until', until, { end: true, now }) }),
  };
}

/** The trails of the matching events. */
async function trailsWith({ dynamo, log }: DeployedTables, question: LogQuestion): Promise<readonly Trail[]> {
  const { entries } = await queryLog(dynamo, log, question, { limit: Number.POSITIVE_INFINITY });
  noteForged(forgedIn(entries));
  return entries.flatMap(({ trail, forged }) => (forged === undefined ? (parseTrail(trail) ?? []) : []));
}

const isFrom = (trail: Trail, from: From): boolean =>
  from === 'deployed' ? trail.by === 'rule' : trail.by === 'local' && trail.user === from.user;

/** The events of the rule's function with those of the control function, or only those of a command line. */
async function readRecord({ dynamo, log }: DeployedTables, trail: Trail): Promise<RemediationRecord> {
  const { rule, remediation } = trail;
  const trails: readonly Trail[] = trail.by === 'rule' ? [trail, { by: 'control', rule, remediation }] : [trail];
  const contents = await Promise.all(trails.map((one) => readTrail(dynamo, log, one)));
  return recordOf({ rule, remediation }, contents);
}

/** A record that can't be trusted is reported and left out. */
function isTrustworthy({ rule, remediation, breaks, forged }: RemediationRecord): boolean {
  noteForged(forged);
  for (const one of breaks) note(`${printable(nameOf({ rule, remediation }))} is left out. ${printable(one)}`);
  return breaks.length === 0 && forged.length === 0;
}

/** Whether the plan of the remediation still awaits approval according to the log. */
export function isWaiting(events: readonly LogEvent[], now: Date): boolean {
  const last = events.findLast(({ kind }) => kind !== 'approval-refused' && kind !== 'request-refused');
  const asks = last?.outcome === 'awaiting-approval' || last?.outcome === 'partly-fixed';
  // If the same plan awaits approval in another remediation, only that one can be approved.
  return asks && last.until !== undefined && new Date(last.until) > now && !last.reason.startsWith(waitsAlready);
}

/** The outcomes with which changes can be in effect. */
export const outcomesWithChanges: readonly Outcome[] = [
  'fixed',
  'partly-fixed',
  'verifying',
  'unverified',
  'incomplete',
  'awaiting-approval',
  'rollback-failed',
];

/** Whether changes are, or may be, in effect: also of a remediation that is incomplete, or whose rest was rejected. */
export function isRevertible(events: readonly LogEvent[]): boolean {
  const last = events.findLast(({ outcome }) => outcome !== undefined && outcome !== 'rollback-refused');
  return last?.outcome !== 'resource-not-found' && someMade(intentsIn(events));
}

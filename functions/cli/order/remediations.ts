import { systemClock } from '../../clock';
import type { LogEvent, Outcome } from '../../log/event';
import { dynamoLog } from '../../log/log';
import { type LogQuestion, queryLog } from '../../log/query';
import { waitsAlready } from '../../remediate/request-approval';
import type { DeployedTables } from '../central/deployed-tables';
import { Unable } from '../failure';
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

/** The events of the matching remediations with these outcomes, the newest first; throws an Unable beyond the limit. */
export async function trailsOf(
  { dynamo, log }: DeployedTables,
  outcomes: readonly Outcome[],
  { rule, account, since, until }: Filter,
  isMeant: (events: readonly LogEvent[]) => boolean,
  limit: number,
): Promise<readonly (readonly LogEvent[])[]> {
  const now = systemClock.now();
  const question: LogQuestion = {
    ...(rule !== undefined && { rule }),
    ...(account !== undefined && { account }),
    ...(since !== undefined && { since: instant('--since', since, { end: false, now }) }),
    ...(until !== undefined && { until: instant('--until', until, { end: true, now }) }),
  };
  const found = new Set<string>();
  for (const outcome of outcomes) {
    const { entries } = await queryLog(dynamo, log, { ...question, outcome }, { limit: Number.POSITIVE_INFINITY });
    for (const { remediation } of entries) found.add(remediation);
  }
  const reader = dynamoLog(dynamo, log);
  const trails: (readonly LogEvent[])[] = [];
  for (const remediation of [...found].sort().reverse()) {
    const events = await reader.read(remediation);
    if (isMeant(events)) trails.push(events);
    if (trails.length > limit)
      throw new Unable(`More than ${limit} remediations match. Narrow the selection with --rule, --account, --since or --until.`);
  }
  return trails;
}

/** Whether the plan of the remediation still awaits approval according to the log. */
export function isWaiting(events: readonly LogEvent[], now: Date): boolean {
  const last = events.findLast(({ kind }) => kind !== 'approval-refused' && kind !== 'request-refused');
  const asks = last?.outcome === 'awaiting-approval' || last?.outcome === 'partly-fixed';
  // If the same plan awaits approval in another remediation, only that one can be approved.
  return asks && last.until !== undefined && new Date(last.until) > now && !last.reason.startsWith(waitsAlready);
}

/** Whether there are changes to roll back. */
export function isFixed(events: readonly LogEvent[]): boolean {
  const last = events.findLast(({ outcome }) => outcome !== undefined && outcome !== 'rollback-refused');
  return last?.outcome === 'fixed' || last?.outcome === 'partly-fixed' || last?.outcome === 'rollback-failed';
}

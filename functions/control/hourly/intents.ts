import { type LogEntry, type LogQuestion, queryLog } from '../../log/query';
import { readTrail } from '../../log/read-trail';
import type { ControlPorts } from '../ports';

/** The period of a comparison, ISO 8601. */
export interface Period {
  readonly since: string;
  readonly until: string;
}

/** By rule, an event for each remediation with a plan in the period. */
export type Intents = ReadonlyMap<string, readonly LogEntry[]>;

/** The remediations with a plan in the period. A remediation that continues an earlier plan is among them. */
export async function readIntents(period: Period, ports: Pick<ControlPorts, 'dynamo' | 'logTable' | 'rules'>): Promise<Intents> {
  const intents = new Map<string, readonly LogEntry[]>();
  for (const rule of ports.rules.keys()) {
    const planned = await intentsOf(rule, period, ports);
    if (planned.length > 0) intents.set(rule, planned);
  }
  return intents;
}

/** The remediations of one rule with a plan in the period. */
export async function intentsOf(
  rule: string,
  period: Period,
  ports: Pick<ControlPorts, 'dynamo' | 'logTable'>,
): Promise<readonly LogEntry[]> {
  const planned = await plansOf({ rule, ...period }, ports);
  return [...new Map(planned.map((entry) => [entry.remediation, entry])).values()];
}

/** Of these, the remediations whose first plan was in the period: each of them was counted at least once in it. */
export async function firstIntents(
  intents: Intents,
  { since }: Period,
  ports: Pick<ControlPorts, 'dynamo' | 'logTable'>,
): Promise<Intents> {
  const first = new Map<string, readonly LogEntry[]>();
  for (const [rule, entries] of intents) {
    const kept: LogEntry[] = [];
    for (const entry of entries) if (!(await isPlannedBefore(entry, since, ports))) kept.push(entry);
    first.set(rule, kept);
  }
  return first;
}

/** By its own trail: the index of the resource may hold any number of events of others. */
async function isPlannedBefore(
  { rule, remediation }: LogEntry,
  since: string,
  { dynamo, logTable }: Pick<ControlPorts, 'dynamo' | 'logTable'>,
): Promise<boolean> {
  const { events } = await readTrail(dynamo, logTable, { by: 'rule', rule, remediation });
  return events.some(({ kind, time }) => kind === 'planned' && time < since);
}

async function plansOf(
  question: LogQuestion,
  { dynamo, logTable }: Pick<ControlPorts, 'dynamo' | 'logTable'>,
): Promise<readonly LogEntry[]> {
  const { entries } = await queryLog(dynamo, logTable, question, { limit: Number.POSITIVE_INFINITY });
  // The command line counts, too, but anybody could log plans in its trails.
  return entries.filter(({ kind, by, forged }) => kind === 'planned' && by === 'rule' && forged === undefined);
}

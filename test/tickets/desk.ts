import type { LoggedChange } from '../../functions/log/event';
import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { policy } from '../../functions/policy/policy';
import { handleOutcome, type TicketResult } from '../../functions/tickets/handle-outcome';
import type { TicketPorts } from '../../functions/tickets/ports';
import { RetryLater, secondsUntilRetry } from '../../functions/tickets/retry-later';
import { told } from '../outcomes/logged';
import { type MemoryRecords, memoryRecords } from './memory-records';
import type { Mishap } from './stand-ins/stand-in';
import { vendors, type World } from './vendors';

export const eventOf = (over: Partial<OutcomeEvent> = {}): OutcomeEvent => ({ ...outcomeEvent(told(), policy.parse({})), ...over });

/** The function of tickets with one vendor, in memory, on a clock that stands still unless it is set. */
export async function openDesk({
  vendor = 'GitHub',
  tickets = {},
  standIn = {},
  settings = {},
  timeout = 1000,
}: {
  readonly vendor?: string;
  readonly tickets?: object;
  readonly standIn?: object;
  /** Of the section `tracker`. */
  readonly settings?: object;
  /** Milliseconds until an answer of the vendor. */
  readonly timeout?: number;
} = {}) {
  let now = Date.parse('2026-11-24T09:00:00Z');
  let changes: readonly LoggedChange[] | Error = [];
  let number = 0;
  const open = vendors[vendor];
  if (!open) throw new Error(`There is no vendor ${vendor}.`);
  const world: World = await open({ now: () => now, searchLag: 30_000, timeout, vendor: standIn, settings });
  const records: MemoryRecords = memoryRecords(() => now);
  const warnings: string[] = [];
  const details: Readonly<Record<string, unknown>>[] = [];
  const ticketed: string[] = [];
  let dropped = 0;
  let given = policy.parse({ tickets: { tracker: world.settings, ...tickets } });
  const ports: TicketPorts = {
    policy: async () => given,
    trackerFor: () => world.tracker,
    slackFor: () => {
      throw new Error('The desk has no Slack.');
    },
    pagerDutyFor: () => {
      throw new Error('The desk has no PagerDuty.');
    },
    records,
    changesOf: async () => {
      if (changes instanceof Error) throw changes;
      return changes;
    },
    logTicket: async ({ remediation }, ticket) => void ticketed.push(`${remediation} ${ticket}`),
    central: { partition: 'aws', region: 'eu-west-1' },
    clock: { now: () => new Date(now), sleep: async () => undefined },
    warn(message, about) {
      warnings.push(message);
      details.push(about);
    },
    countDropped: () => {
      dropped += 1;
    },
  };
  const handle = (id: string, event: OutcomeEvent, over: Partial<TicketPorts> = {}): Promise<TicketResult> =>
    handleOutcome(id, event, { ...ports, ...over });
  return {
    ...world,
    ports,
    records,
    warnings,
    details,
    ticketed,
    handle,
    get dropped() {
      return dropped;
    },
    later(seconds: number): void {
      now += seconds * 1000;
    },
    /** An outcome, now, and what became of it. */
    tell(over: Partial<OutcomeEvent> = {}): Promise<TicketResult> {
      number += 1;
      return handle(`event-${number}`, eventOf({ time: new Date(now).toISOString(), ...over }));
    },
    /** How many seconds later it is handled again; undefined if it was handled. */
    async retryOf(work: Promise<unknown>): Promise<number | undefined> {
      const error: unknown = await work.then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error === undefined || error instanceof RetryLater) return error?.seconds;
      return secondsUntilRetry(error);
    },
    logged(of: readonly LoggedChange[] | Error): void {
      changes = of;
    },
    policy(section: object | undefined): void {
      given = policy.parse(section === undefined ? {} : { tickets: { tracker: world.settings, ...section } });
    },
    /** The next requests of this kind go wrong in these ways, one after the other. */
    goWrong(method: string, ...ways: readonly Mishap[]): void {
      const left = [...ways];
      world.standIn.mishaps = (request) => (request.method === method && !/search/.test(request.path) ? left.shift() : undefined);
    },
  };
}

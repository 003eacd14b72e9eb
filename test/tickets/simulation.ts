import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import type { OutcomeEvent, PublishedOutcome } from '../../functions/outcomes/outcome-schema';
import { policy } from '../../functions/policy/policy';
import { markOf } from '../../functions/ticket-records/mark';
import { handleOutcome } from '../../functions/tickets/handle-outcome';
import type { TicketPorts } from '../../functions/tickets/ports';
import type { Held, TicketRecords } from '../../functions/tickets/record';
import { secondsUntilRetry } from '../../functions/tickets/retry-later';
import type { Tracker } from '../../functions/tickets/tracker';
import { told } from '../outcomes/logged';
import { memoryRecords } from './memory-records';
import type { Mishap } from './stand-ins/stand-in';
import { vendors } from './vendors';

export interface Simulation {
  readonly vendor: string;
  readonly misconfigurations: number;
  /** The share of requests that go wrong, and of steps at which the function is killed. */
  readonly rate: number;
  readonly killRate: number;
  readonly seed: number;
}

export interface Counts {
  readonly outcomes: number;
  readonly deliveries: number;
  readonly requests: number;
  readonly mishaps: number;
  readonly kills: number;
  readonly tickets: number;
  readonly open: number;
  readonly closed: number;
  /** Second tickets that were made while the tracker did not answer, and are closed. */
  readonly duplicates: number;
  readonly doubledComments: number;
}

export interface Simulated {
  readonly counts: Counts;
  /** What must not be. */
  readonly wrong: readonly string[];
}

/** The lives of misconfigurations, and the state in which each has to leave its ticket. */
const lives: readonly { readonly outcomes: readonly PublishedOutcome[]; readonly ends: 'open' | 'closed' | 'none' }[] = [
  { outcomes: ['awaiting-approval', 'approved', 'fixed', 'confirmed'], ends: 'closed' },
  { outcomes: ['failed', 'fixed', 'confirmed', 'failed'], ends: 'open' },
  { outcomes: ['awaiting-approval', 'already-compliant', 'already-compliant', 'confirmed'], ends: 'closed' },
  { outcomes: ['unfixable', 'unfixable', 'exempt', 'resource-not-found'], ends: 'closed' },
  { outcomes: ['awaiting-approval', 'fixed', 'confirmed', 'rolled-back'], ends: 'open' },
  { outcomes: ['fixed', 'confirmed', 'fixed', 'confirmed'], ends: 'none' },
  { outcomes: ['incomplete', 'unverified', 'fixed', 'confirmed'], ends: 'closed' },
];

const begin = Date.parse('2026-11-24T00:00:00Z');
const hour = 3_600_000;
const mishaps: readonly Mishap[] = ['throttled', 'unavailable', 'reset', 'lost', 'hang', 'failed-after', 'hang-before'];

class Killed extends Error {}

interface Message {
  readonly id: string;
  readonly event: OutcomeEvent;
  at: number;
}

/** Handles the outcomes by several workers on a clock of our own: it goes on when all of them wait. */
export async function simulate({ vendor, misconfigurations, rate, killRate, seed }: Simulation): Promise<Simulated> {
  const random = randomBy(seed);
  let now = begin;
  const open = vendors[vendor];
  if (!open) throw new Error(`There is no vendor ${vendor}.`);
  const world = await open({ now: () => now, searchLag: 30_000, timeout: 200 });
  let requests = 0;
  let wentWrong = 0;
  let kills = 0;
  world.standIn.mishaps = () => {
    requests += 1;
    if (random() >= rate) return undefined;
    wentWrong += 1;
    return mishaps[Math.floor(random() * mishaps.length)];
  };
  const records = memoryRecords(() => now);
  const given = policy.parse({ tickets: { tracker: world.settings, perHour: 10_000, firstDay: 10_000 } });
  const warnings: string[] = [];
  const none = () => {
    throw new Error('The policy names no channel.');
  };
  const ports: TicketPorts = {
    policy: async () => given,
    trackerFor: () => world.tracker,
    slackFor: none,
    pagerDutyFor: none,
    records,
    changesOf: async () => [],
    logTicket: async () => undefined,
    central: { partition: 'aws', region: 'eu-west-1' },
    clock: { now: () => new Date(now), sleep: async () => undefined },
    warn: (message) => warnings.push(message),
    countDropped: () => undefined,
  };

  const messages = messagesOf(misconfigurations, random);
  const outcomes = new Set(messages.map(({ id }) => id)).size;
  let deliveries = 0;
  let working = 0;
  const waiting: (() => void)[] = [];
  await Promise.all(Array.from({ length: 4 }, work));
  await world.standIn.stop();
  return judge();

  async function work(): Promise<void> {
    for (;;) {
      const message = await next();
      if (!message) return;
      working += 1;
      deliveries += 1;
      try {
        await handleOutcome(
          message.id,
          message.event,
          mortal(ports, killRate, random, () => (kills += 1)),
        );
      } catch (error) {
        // As the queue does: after what the function asks for, or the visibility timeout.
        messages.push({ ...message, at: now + 1000 * (error instanceof Killed ? 360 : (secondsUntilRetry(error) ?? 360)) });
        if (!(error instanceof Killed) && secondsUntilRetry(error) === undefined) throw error;
      } finally {
        working -= 1;
        for (const wake of waiting.splice(0)) wake();
      }
    }
  }

  async function next(): Promise<Message | undefined> {
    for (;;) {
      messages.sort((a, b) => a.at - b.at);
      const [first] = messages;
      if (!first && working === 0) return undefined;
      if (first && (first.at <= now || working === 0)) {
        now = Math.max(now, first.at);
        return messages.shift();
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  function judge(): Simulated {
    const tickets = world.tickets();
    const wrong: string[] = [...world.standIn.violations];
    let duplicates = 0;
    let doubledComments = 0;
    for (let index = 0; index < misconfigurations; index += 1) {
      const { ends, outcomes: life } = lives[index % lives.length] as (typeof lives)[number];
      const mark = markOf(eventOf(index, life[0] ?? 'failed', begin, 0));
      const own = tickets.filter((one) => one.mark === mark);
      const others = own.filter(({ state, notes }) => state === 'closed' && notes.some((note) => note.includes('A duplicate of')));
      const [ticket, ...more] = own.filter((one) => !others.includes(one));
      duplicates += others.length;
      if (more.length > 0) wrong.push(`${life.join()} has ${more.length + 1} tickets`);
      if ((ticket?.state ?? 'none') !== ends) wrong.push(`${life.join()} has a ticket that is ${ticket?.state ?? 'none'}, not ${ends}`);
      const marks = (ticket?.notes ?? []).flatMap((note) => note.match(/posture-note-[0-9a-f]{16}/g) ?? []);
      doubledComments += marks.length - new Set(marks).size;
    }
    const closed = tickets.filter(({ state }) => state === 'closed').length;
    const counts = { outcomes, deliveries, requests, mishaps: wentWrong, kills, duplicates, doubledComments };
    return { counts: { ...counts, tickets: tickets.length, open: tickets.length - closed, closed }, wrong };
  }
}

function messagesOf(misconfigurations: number, random: () => number): Message[] {
  return Array.from({ length: misconfigurations }, (_, index) => lives[index % lives.length]?.outcomes ?? []).flatMap((life, index) =>
    life.flatMap((outcome, step) => {
      // Hours apart, and delivered minutes late.
      const time = begin + (index % 50) * 60_000 + step * 12 * hour;
      const message = { id: `event-${index}-${step}`, event: eventOf(index, outcome, time, step) };
      const times = random() < 0.1 ? 2 : 1;
      return Array.from({ length: times }, () => ({ ...message, at: time + Math.floor(random() * 10 * 60_000) }));
    }),
  );
}

function eventOf(index: number, outcome: PublishedOutcome, time: number, step: number): OutcomeEvent {
  const event = outcomeEvent(told({ resource: `arn:aws:s3:::reports-${index}`, time: new Date(time).toISOString() }), policy.parse({}));
  return {
    ...event,
    outcome,
    remediation: `01JDA000000000000000${String(index).padStart(4, '0')}${String(Math.floor(step / 2)).padStart(2, '0')}`,
    reason: `It is ${outcome}.`,
  };
}

/** Ports through which the function is killed at any step, before it or after it: then it does nothing any more, not even release its lease. */
function mortal(ports: TicketPorts, rate: number, random: () => number, onKill: () => void): TicketPorts {
  let isKilled = false;
  async function step<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isKilled) throw new Killed();
    if (random() >= rate) return work();
    isKilled = true;
    onKill();
    if (random() < 0.5) await work();
    throw new Killed();
  }
  const lease = (held: Held): Held => ({
    mark: held.mark,
    get record() {
      return held.record;
    },
    save: (change) => step(() => held.save(change)),
    release: () => step(() => held.release()),
  });
  const records: TicketRecords = {
    acquire: async (mark) => {
      const held = await step(() => ports.records.acquire(mark));
      return held === 'busy' ? held : lease(held);
    },
    admit: (admission) => step(() => ports.records.admit(admission)),
  };
  return {
    ...ports,
    records,
    logTicket: (event, ticket) => step(() => ports.logTicket(event, ticket)),
    trackerFor: (settings) => {
      const tracker = ports.trackerFor(settings);
      const steps = Object.entries(tracker).map(
        ([name, work]) => [name, (...given: readonly unknown[]) => step(() => work(...given))] as const,
      );
      return Object.fromEntries(steps) as unknown as Tracker;
    },
  };
}

/** The same numbers from 0 to 1 for the same seed. */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function main(): Promise<void> {
  const outcomes = Number(process.argv[2] ?? 2000);
  const names = Object.keys(vendors);
  const each = Math.ceil(outcomes / 4 / names.length);
  for (const [index, vendor] of names.entries()) {
    const { counts, wrong } = await simulate({ vendor, misconfigurations: each, rate: 0.2, killRate: 0.03, seed: index + 1 });
    process.stdout.write(`${vendor}: ${JSON.stringify(counts)}\n${wrong.map((one) => `  WRONG ${one}\n`).join('')}`);
    if (wrong.length > 0) process.exitCode = 1;
  }
}

if (require.main === module) void main();

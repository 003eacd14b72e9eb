import { type RawEvent, rawEvent } from '../raw-log';
import { tables } from '../tables';
import type { Report } from '../watch';
import type { World } from '../world';

/** The outcomes after which the engine comes back by itself. */
const waiting = ['deferred', 'verifying', 'blocked', 'incomplete'];

/** A role that may only read ends the finding. */
const isWaiting = ({ outcome = '', code }: RawEvent): boolean => waiting.includes(outcome) && code !== 'role-reads-only';

/** Every finding has ended, or is going to be come back to: a schedule, or a message under way, names it. */
export function endsOrComesBack(world: World, report: Report): Readonly<Record<string, number>> {
  const last = new Map<string, RawEvent>();
  for (const item of world.aws.dynamo.table(tables.log).all()) {
    const event = rawEvent(item);
    const known = last.get(event.finding);
    if (event.outcome !== undefined && (!known || known.time <= event.time)) last.set(event.finding, event);
  }
  const comingBack = new Set(
    messages(world).flatMap((text) => [...text.matchAll(/"id":"([^"]+)"|"Id":"([^"]+)"/g)].map(([, a, b]) => a ?? b ?? '')),
  );
  const outcomes: Record<string, number> = {};
  for (const { id, arn } of world.population.findings) {
    const event = last.get(id);
    const outcome = event?.outcome ?? 'none';
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (comingBack.has(id) || (event && !isWaiting(event))) continue;
    const what = event ? `${id} waits (${outcome}), and nothing comes back to it` : `${id} is lost: the log does not have it`;
    report({ check: 'ends-or-comes-back', what, resource: arn, at: world.time.now });
  }
  return outcomes;
}

const messages = ({ aws, platform }: World): readonly string[] => [
  ...[...aws.scheduler.waiting.values()].map(({ input }) => JSON.stringify(input)),
  ...[...platform.pending, ...platform.deadLetters].map(({ event }) => JSON.stringify(event)),
  ...[...platform.running].map(({ event }) => JSON.stringify(event)),
];

import { rawEvent } from './raw-log';
import { tables } from './tables';
import type { World } from './world';

/** A remediation that changed something. */
interface Fix {
  readonly rule: string;
  readonly remediation: string;
  readonly resource: string;
  readonly plannedAt: string;
}

export interface Rollbacks {
  readonly orders: number;
  /** By outcome, the last of each remediation. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The remediations whose rollback did not succeed. */
  readonly refused: readonly { readonly resource: string; readonly remediation: string; readonly reason: string }[];
}

const minute = 60_000;
const hour = 60 * minute;

/** Orders the rollback of every remediation, the newest of a resource first, and each again until it ends. */
export async function rollBackAll(world: World, calmAfter: number): Promise<Rollbacks> {
  const outcomes: Record<string, number> = {};
  const refused: { resource: string; remediation: string; reason: string }[] = [];
  const known = new Set<string>();
  let orders = 0;
  let isOver = false;
  attend();
  let next = fixesIn(world, known);
  const first = rollBackEach(next, calmAfter);
  // It is waited for below, when time may have passed.
  first.catch(() => undefined);
  await world.time.runUntil(world.time.now + calmAfter);
  await world.time.runThrough(world.calm());
  await world.time.runThrough(first);
  // A finding that came meanwhile may have been fixed after that.
  for (next = fixesIn(world, known); next.length > 0; next = fixesIn(world, known)) await world.time.runThrough(rollBackEach(next, minute));
  isOver = true;
  return { orders, outcomes, refused };

  /** Nobody but the hourly check takes care of what was cut off. */
  function attend(): void {
    if (isOver) return;
    world.platform.redrive();
    world.operators.checkHourly().catch(() => undefined);
    world.time.after(hour, attend);
  }

  async function rollBackEach(fixes: readonly Fix[], within: number): Promise<void> {
    const byResource = new Map<string, Fix[]>();
    for (const fix of fixes) {
      known.add(fix.remediation);
      byResource.set(fix.resource, [...(byResource.get(fix.resource) ?? []), fix]);
    }
    const pause = within / byResource.size;
    const all = [...byResource.values()].map(async (some, index) => {
      await world.time.sleep(index * pause);
      for (const fix of some) await rollBack(fix);
    });
    await Promise.all(all);
  }

  async function rollBack({ rule, remediation, resource }: Fix): Promise<void> {
    let last: { readonly outcome: string; readonly reason: string } = { outcome: 'none', reason: 'never ordered' };
    for (let tries = 0; tries < 60; tries += 1) {
      orders += 1;
      const since = new Date(world.time.now).toISOString();
      // Who knows that nobody else has changed it can say so.
      const force = cautious.test(last.reason) && !world.changedByOthers.has(resource);
      if (force) world.forced.add(resource);
      const reply = await world.operators.order({
        order: 'rollback',
        remediation: `${rule}/${remediation}`,
        why: 'The storm is taken back.',
        ...(force && { force }),
      });
      if (!reply.done) last = { outcome: `refused ${reply.code}`, reason: reply.reason ?? '' };
      else last = (await endSince(remediation, since)) ?? { outcome: 'open', reason: 'It did not end in time' };
      if (
        last.outcome === 'rolled-back' ||
        (isFinal(last.reason) && (force || !cautious.test(last.reason) || world.changedByOthers.has(resource)))
      )
        break;
      await world.time.sleep(15 * minute);
    }
    outcomes[last.outcome] = (outcomes[last.outcome] ?? 0) + 1;
    if (last.outcome !== 'rolled-back') refused.push({ resource, remediation, reason: `${last.outcome}: ${last.reason}` });
  }

  /** The end of a rollback after that time, waited for. */
  async function endSince(remediation: string, since: string): Promise<{ readonly outcome: string; readonly reason: string } | undefined> {
    for (let waits = 0; waits < 40; waits += 1) {
      await world.time.sleep(minute);
      const found = eventsOf(world, remediation).findLast(
        ({ outcome, time }) => (time?.S ?? '') >= since && outcome?.S?.startsWith('roll'),
      );
      if (found) return { outcome: found.outcome?.S ?? '', reason: rawEvent(found).reason };
    }
    return undefined;
  }
}

/** What a rollback may refuse: to overwrite what others did, since the fix or while it was interrupted. */
export const cautious = /changed since the fix|was interrupted|can't identify its own part/;

const isFinal = (reason: string): boolean =>
  /changed since the fix|changed nothing|already reverted|can't identify|is in effect|was interrupted/.test(reason);

/** The index has the first event of each trail. */
const eventsOf = (world: World, remediation: string) => {
  const log = world.aws.dynamo.table(tables.log);
  return log.partitionOf(remediation, 'by-remediation').flatMap(({ trail }) => log.partitionOf(trail?.S ?? ''));
};

/** The remediations besides the known ones, the newest first. */
function fixesIn(world: World, known: ReadonlySet<string>): readonly Fix[] {
  const fixes = new Map<string, Fix>();
  for (const item of world.aws.dynamo.table(tables.log).all()) {
    if (item.kind?.S !== 'planned' || known.has(item.remediation?.S ?? '')) continue;
    const { rule, remediation, resource, time: plannedAt } = rawEvent(item);
    if ((fixes.get(remediation)?.plannedAt ?? '') < plannedAt) fixes.set(remediation, { rule, remediation, resource, plannedAt });
  }
  return [...fixes.values()].sort((a, b) => (a.plannedAt < b.plannedAt ? 1 : -1));
}

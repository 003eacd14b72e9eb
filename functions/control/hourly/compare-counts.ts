import { describe } from '../../aws/error';
import { openBreaker } from '../../coordination/breaker-order';
import { raiseCount, readCounts } from '../../coordination/counts';
import { daysOfCount, keys, periodsOf } from '../../coordination/keys';
import { readPermitTimes } from '../../coordination/permit-times';
import { days, hours, minutes } from '../../duration';
import type { LogEntry } from '../../log/query';
import { writeCentralEvent } from '../central-event';
import type { ControlPorts } from '../ports';
import { firstIntents, type Intents, intentsOf, type Period, readIntents } from './intents';

/** Why the check opened a breaker; stable, for software. */
type CheckCode = 'counters-differ';

/** A counter that has fewer changes than the log. */
export interface Difference {
  /** `all`, `rule <id>` or `account <id>`. */
  readonly of: string;
  /** The hour of the counter, if it is of an earlier one: `2026-11-24T13`. */
  readonly hour?: string;
  readonly logged: number;
  readonly counted: number;
}

/** The two hours that ended, whose counters are compared together. */
interface Window extends Period {
  readonly earlier: Date;
  readonly last: Date;
}

/** A permit is counted before its plan is logged, up to the time limit of the function: the first minutes may belong to the hour before. */
const maxDelay = minutes(2);

function windowOf(now: Date): Window {
  const end = Math.floor(now.getTime() / hours(1)) * hours(1);
  const [earlier, last] = [new Date(end - hours(2)), new Date(end - hours(1))];
  const since = new Date(earlier.getTime() + maxDelay).toISOString();
  return { earlier, last, since, until: new Date(end - 1).toISOString() };
}

/**
 * Compares the counters of the last two hours with the plans in the log. IAM can't force a rule's function to count, so a rule that counted less
 * than it logged is stopped by its breaker, and a shared counter that has less than the log is raised. Each remediation is counted once, when
 * its first permit is taken; its worker can die then, and another log the plan hours later. So a plan whose permit is from before these hours
 * is judged by the counter of the hour of its permit: the rule's function writes its permits itself. A shared counter that does not exist is
 * compared only under a limit of the policy: without one, nobody counts there.
 */
export async function compareCounts(ports: ControlPorts): Promise<readonly Difference[]> {
  const window = windowOf(ports.clock.now());
  const logged = await readIntents(window, ports);
  if ((await differencesIn(logged, window, ports)).length === 0) return [];
  // The plans before the period are only read if there is a difference: a remediation that continues was counted before.
  const { inWindow, earlier } = await byPermit(await firstIntents(logged, window, ports), window, ports);
  const differences = [...(await differencesIn(inWindow, window, ports)), ...(await differencesOfHours(earlier, window, ports))];
  for (const difference of differences) await act(difference, window, ports);
  if (differences.length > 0) ports.count({ CountersDiffer: differences.length });
  return differences;
}

async function differencesIn(intents: Intents, window: Window, ports: ControlPorts): Promise<readonly Difference[]> {
  const logged = new Map<string, number>();
  const add = (of: string) => logged.set(of, (logged.get(of) ?? 0) + 1);
  for (const [rule, entries] of intents) {
    // Responses to threats have a limit of their own, and do not count under those of settings.
    const isShared = ports.rules.get(rule)?.response === undefined;
    for (const { account } of entries) {
      for (const counter of [`rule ${rule}`, ...(isShared ? ['all', `account ${account}`] : [])]) add(counter);
    }
  }
  const keysOf = (of: string) => [window.earlier, window.last].map((time) => keys.count(of, periodsOf(time).hour));
  const counts = await readCounts(ports.dynamo, ports.coordination, [...logged.keys()].flatMap(keysOf), ports.clock);
  const isCounted = await countedBy(ports);
  return [...logged].flatMap(([of, count]) => {
    const counted = keysOf(of).reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
    const exists = keysOf(of).some((key) => counts.has(key));
    return counted < count && (exists || isCounted(of)) ? [{ of, logged: count, counted }] : [];
  });
}

/** Whether every function has to count there. While the policy is unreadable, a shared counter that nobody has made may be none. */
async function countedBy({ policy, warn }: ControlPorts): Promise<(of: string) => boolean> {
  const known = await policy().catch((error: unknown) => {
    warn('Which counters are under a limit is unknown', { error: describe(error) });
    return undefined;
  });
  const isLimited = (sort: 'all' | 'account'): boolean =>
    known !== undefined && Object.values(known.limits[sort]).some((max) => max !== undefined);
  return (of) => ruleIn(of) !== undefined || isLimited(of === 'all' ? 'all' : 'account');
}

/** For how many days before it a plan may have been permitted: the counter of that hour is still there. */
const maxAge = days(daysOfCount - 1);

interface ByPermit {
  /** Counted in these hours, as far as is known. */
  readonly inWindow: Intents;
  /** By rule, the hours before these of which the permits are. */
  readonly earlier: ReadonlyMap<string, ReadonlySet<string>>;
}

async function byPermit(intents: Intents, window: Window, ports: ControlPorts): Promise<ByPermit> {
  const inWindow = new Map<string, readonly LogEntry[]>();
  const earlier = new Map<string, ReadonlySet<string>>();
  const since = new Date(window.earlier.getTime() - maxAge).toISOString();
  for (const [rule, entries] of intents) {
    const times = await readPermitTimes(ports.dynamo, ports.coordination, entries, ports.clock);
    const hourOf = ({ remediation }: LogEntry) => {
      const at = times.get(remediation) ?? '';
      return at >= since && at < window.earlier.toISOString() ? [at.slice(0, 13)] : [];
    };
    inWindow.set(
      rule,
      entries.filter((entry) => hourOf(entry).length === 0),
    );
    earlier.set(rule, new Set(entries.flatMap(hourOf)));
  }
  return { inWindow, earlier };
}

/** Of these hours, those for which the rule's counter has less than the plans that were logged since with a permit of that hour. */
async function differencesOfHours(earlier: ByPermit['earlier'], { until }: Window, ports: ControlPorts): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const [rule, times] of earlier) {
    const [first] = [...times].toSorted();
    if (first === undefined) continue;
    const planned = await intentsOf(rule, { since: first, until }, ports);
    const permits = [...(await readPermitTimes(ports.dynamo, ports.coordination, planned, ports.clock)).values()];
    const of = `rule ${rule}`;
    const keyOf = (hour: string) => keys.count(of, hour);
    const counts = await readCounts(ports.dynamo, ports.coordination, [...times].map(keyOf), ports.clock);
    for (const hour of times) {
      const logged = permits.filter((at) => at.startsWith(hour)).length;
      const counted = counts.get(keyOf(hour)) ?? 0;
      if (counted < logged) differences.push({ of, hour, logged, counted });
    }
  }
  return differences;
}

async function act(difference: Difference, window: Window, ports: ControlPorts): Promise<void> {
  ports.warn('A counter has fewer changes than the log', { ...difference, since: window.since, until: window.until });
  const rule = ruleIn(difference.of);
  if (rule !== undefined) return stopRule(rule, difference, window, ports);
  const { of, logged, counted } = difference;
  const seen = await readCounts(ports.dynamo, ports.coordination, [keys.count(of, periodsOf(window.last).hour)], ports.clock);
  const raise = { of, time: window.last, seen: [...seen.values()][0] ?? 0, by: logged - counted };
  await raiseCount(ports.dynamo, ports.coordination, raise, ports.clock);
}

const ruleIn = (of: string): string | undefined => /^rule (.+)$/.exec(of)?.[1];

async function stopRule(id: string, { hour, logged, counted }: Difference, { since, until }: Window, ports: ControlPorts): Promise<void> {
  const found =
    hour === undefined
      ? `the log has plans of ${logged} remediations from ${since} to ${until}, but the rule's counters have ${counted}`
      : `the log has plans of ${logged} remediations with permits of the hour ${hour}, but the rule's counter of that hour has ${counted}`;
  // The breaker first: it protects, and an error in the log fails the check, which is delivered again.
  const isOpened = await openBreaker(ports.dynamo, ports.orders, { rule: id, why: found }, ports.clock);
  if (!isOpened) return;
  ports.count({ BreakerOpened: 1 });
  const { partition, account } = ports.central;
  await writeCentralEvent(
    {
      kind: 'breaker-opened',
      outcome: 'breaker-open',
      code: 'counters-differ' satisfies CheckCode,
      reason: `The breaker of ${id} was opened in all accounts: ${found}. The function may have been tampered with. An approver has to close it.`,
      actor: `arn:${partition}:iam::${account}:role/posture-function-control`,
    },
    ports,
    ports.rules.get(id),
  );
}

import type { Aws, Place } from '../../rules/rule';
import { isTransient } from '../aws/error';
import type { ClaimedSweep } from '../coordination/sweep-position';
import { seconds } from '../duration';
import { readingOnly } from '../forecast/reading-only';
import { type Target, targetsOf } from '../forecast/target';
import type { Policy } from '../policy/policy';
import { driftId, eventOfDrift } from '../sources/drift/event';
import { quote } from '../untrusted-text';
import { isKnown } from './known';
import { type Look, lookAt } from './look';
import type { SweepPorts } from './ports';
import type { Tally } from './tally';
import { isBehind, type Unit } from './unit';

/** A run of the sweep. */
export interface Run {
  readonly ports: SweepPorts;
  readonly claimed: ClaimedSweep;
  readonly tally: Tally;
  readonly policy: Policy;
  /** The global resources that a rule looked at in an earlier Region. */
  readonly seen: Set<string>;
  /** The last pause after throttling, in seconds; 0 if the last calls were not throttled. */
  pause: number;
}

/** The time that is left for the last look, in seconds. */
const margin = 60;

/** How many resources of an account are looked at simultaneously: its quotas are for its own workloads. */
const maxConcurrency = 2;

/** How many resources share the answers of AWS, which are kept in memory. */
const maxShared = 500;

/** The longest pause after throttling, in seconds. */
const maxPause = 30;

export const isOver = ({ ports, tally }: Pick<Run, 'ports' | 'tally'>): boolean =>
  ports.secondsLeft() < margin || tally.counts.handedOn >= ports.maxFindings;

/** Looks at the resources of a rule in an account and Region. `stopped`: the position is saved, and the next run goes on with the rest. */
export async function sweepUnit(unit: Unit, run: Run): Promise<'done' | 'stopped'> {
  const { place, rule, path } = unit;
  const connect = () => readingOnly(run.ports.connect(place), rule.commands);
  let aws = connect();
  const targets = await targetsIn(unit, run, aws);
  for (let from = 0; from < targets.length; from += maxConcurrency) {
    if (isOver(run)) return stop(targets[from - 1]);
    if (run.tally.isLeft(place)) return 'done';
    if (from > 0 && from % maxShared === 0) aws = connect();
    const some = targets.slice(from, from + maxConcurrency);
    const looks = await Promise.all(some.map((target) => look(target, run, aws)));
    for (const [index, target] of some.entries()) {
      if (run.tally.counts.handedOn >= run.ports.maxFindings) return stop(targets[from + index - 1]);
      await handle(target, looks[index] ?? { error: undefined }, run, unit);
    }
    await pauseIfThrottled(run, looks);
  }
  return 'done';

  async function stop(last: Target | undefined): Promise<'stopped'> {
    if (last) await run.claimed.save([...path, last.resource.arn]);
    return 'stopped';
  }
}

/** What is not behind the position, in the order of the ARNs, and not known from another Region. */
async function targetsIn({ place, rule, path }: Unit, run: Run, aws: Aws): Promise<readonly Target[]> {
  const { claimed, tally } = run;
  const what = path.join(', ');
  try {
    const { targets, unread } = await targetsOf(rule, place, aws);
    if (unread.length > 0) tally.leftOut(`${what}: ${unread.length} names are not supported, such as ${quote(unread[0])}`);
    return targets
      .filter(({ kind, resource }) => isNew(`${place.account} ${rule.id} ${resource.arn}`, kind.scope))
      .filter(({ resource }) => !isBehind([...path, resource.arn], claimed.after))
      .toSorted((one, other) => (one.resource.arn < other.resource.arn ? -1 : 1));
  } catch (error) {
    tally.failed(place, what, error);
    await pauseIfThrottled(run, [{ error }]);
    return [];
  }

  function isNew(name: string, scope: 'global' | 'regional'): boolean {
    if (scope === 'regional') return true;
    if (run.seen.has(name)) return false;
    run.seen.add(name);
    return true;
  }
}

type Seen = Look | { readonly error: unknown };

const look = (target: Target, { policy, ports }: Run, aws: Aws): Promise<Seen> =>
  lookAt(target, { aws, policy, now: ports.clock.now() }).catch((error: unknown) => ({ error }));

/** Counts the result, and hands drift on that the log does not have. */
async function handle(target: Target, seen: Seen, run: Run, { place, rule, path }: Unit): Promise<void> {
  const { ports, tally, claimed } = run;
  const { arn, type } = target.resource;
  const what = [...path, arn].join(', ');
  if ('error' in seen) return tally.failed(place, what, seen.error);
  tally.look(place, seen.status);
  if (seen.status !== 'drift') return;
  const { detectedBy, mode } = seen;
  if (isKnown(await ports.lastRecord(rule.id, driftId('sweep', arn), whereOf(target)), mode, ports.clock.now())) return tally.known();
  const { partition, account, region } = place;
  const detectedAt = ports.clock.now().toISOString();
  const event = eventOfDrift(
    'sweep',
    { detectedBy, partition, account, region, resourceType: type, resource: arn, detectedAt },
    ports.central,
  );
  const error = await ports.invoke(rule.id, event).then(
    () => undefined,
    (reason: unknown) => ({ reason }),
  );
  // One rule without a function must not keep the others from being swept.
  if (error) return tally.undelivered(what, error.reason);
  tally.handedOn();
  await claimed.save([...path, arn]);
}

/** A setting of an account has the same ARN in all its Regions. */
const whereOf = ({ kind, resource: { account, region } }: Target): Partial<Place> =>
  kind.scope === 'global' ? { account } : { account, region };

/** Longer each time, up to the time that is left. */
async function pauseIfThrottled(run: Run, seen: readonly Seen[]): Promise<void> {
  const isThrottled = seen.some((one) => 'error' in one && isTransient(one.error));
  run.pause = isThrottled ? Math.min(maxPause, Math.max(1, run.pause * 2)) : 0;
  const left = run.ports.secondsLeft() - margin;
  if (run.pause > 0 && left > 0) await run.ports.clock.sleep(seconds(Math.min(run.pause, left)));
}

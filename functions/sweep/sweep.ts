import type { Place } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Policy } from '../policy/policy';
import { sanitize } from '../untrusted-text';
import { detectorsOf, modeOf } from './look';
import type { SweepPorts } from './ports';
import { isOver, type Run, sweepUnit } from './sweep-unit';
import { type Counts, newTally } from './tally';
import { type Unit, unitsAfter } from './unit';

/** The result of a run: it may be too early, or another run at work. `finished`: nothing is left of the sweep; otherwise the next run goes on. */
export type Swept = (Counts & { readonly began: string; readonly finished: boolean }) | { readonly skipped: 'held' | 'not-due' };

/** So many runs may end without a word in the same list, before it is left out. */
const maxInterrupted = 2;

/**
 * Looks at all resources of the rules, account by account and Region by Region, and hands drift on to the functions of the rules, which decide by
 * the policy. Changes nothing itself, and goes on where the last run stopped.
 */
export async function sweep(ports: SweepPorts): Promise<Swept> {
  const claimed = await ports.positions.claim({ secondsLeft: ports.secondsLeft(), hours: ports.hours });
  if (typeof claimed === 'string') return { skipped: claimed };
  try {
    const tally = newTally((error) => sanitize(describe(error).replace(/\s+/g, ' '), 500));
    const run: Run = { ports, claimed, tally, policy: await ports.policy(), seen: new Set(), pause: 0 };
    const finished = await sweepAll(run);
    await (finished ? claimed.finish() : claimed.release());
    return { ...tally.counts, began: claimed.began.toISOString(), finished };
  } catch (error) {
    // Without hold of it, there is nothing to release.
    await claimed.release().catch(() => undefined);
    throw error;
  }
}

/** Whether nothing is left. */
async function sweepAll(run: Run): Promise<boolean> {
  const { ports, claimed, tally, policy } = run;
  const { known: accounts, unread } = await ports.accounts();
  if (unread !== undefined) tally.leftOut(unread);
  const isReached = reaching(run);
  let { interrupted } = claimed;
  for (const unit of unitsAfter(claimed.after, { ...ports, accounts })) {
    const { path } = unit;
    if (isOver(run)) return false;
    if (isOff(unit, policy) || tally.isLeft(unit.place) || !(await isReached(unit.place))) continue;
    if (interrupted >= maxInterrupted) tally.leftOut(`${path.join(', ')}: ${interrupted} runs ended here without a result`);
    else if ((await sweepUnit(unit, run)) === 'stopped') return false;
    interrupted = 0;
    await claimed.save(path);
  }
  return true;
}

/** Whether the policy has the rule switched off in the account and Region, whatever the resource. */
const isOff = ({ rule, place }: Unit, policy: Policy): boolean =>
  detectorsOf(rule).every((detectedBy) => modeOf(rule, policy, place, detectedBy) === 'off');

/** Whether the member role of the sweep can be assumed in the account, asked once. */
function reaching({ ports, tally }: Pick<Run, 'ports' | 'tally'>): (place: Place) => Promise<boolean> {
  const known = new Map<string, boolean>();
  return async (place) => {
    const { account } = place;
    if (!known.has(account)) {
      const error = await ports.reach(place).then(
        () => undefined,
        (reason: unknown) => ({ reason }),
      );
      known.set(account, error === undefined);
      if (error) tally.leftOut(`${account}: ${describe(error.reason)}`);
    }
    return known.get(account) === true;
  };
}

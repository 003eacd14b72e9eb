import { systemClock } from '../../functions/clock';
import type { Leases } from '../../functions/coordination/lease';
import type { OpenRemediations } from '../../functions/coordination/open-remediation';
import type { CoordinationStore } from '../../functions/coordination/store';
import { findBreaks } from '../../functions/log/chain';
import type { LogEvent } from '../../functions/log/event';
import type { Log } from '../../functions/log/log';
import type { Policy } from '../../functions/policy/policy';
import type { Result } from '../../functions/remediate/context';
import type { RollbackPorts } from '../../functions/rollback/ports';
import { rollback } from '../../functions/rollback/rollback';
import type { World } from '../contract/scenario';
import { lookAt, type Sight } from './evidence';
import type { Delivery } from './pass';

/** A fix taken back, and what shows that it is. */
export interface Undone {
  readonly result: Result;
  /** The state before the fix, with the fix, and after the rollback. */
  readonly before: Sight;
  readonly fixed: Sight;
  readonly after: Sight;
  readonly events: readonly LogEvent[];
  /** What is wrong with the chain of its log; nothing, if all is well. */
  readonly findBreaks: readonly string[];
}

/** With what the fix is taken back, and looked at. */
interface Hands {
  readonly world: World;
  readonly policy: Policy;
  readonly log: Log;
  readonly leases: Leases;
  readonly openRemediations: OpenRemediations;
  readonly store: CoordinationStore;
  readonly tell: RollbackPorts['publishOutcome'];
}

/** Takes the fix back as a person would, from the log alone. */
export async function revertOwnPart({ of, remediation }: Delivery, before: Sight, hands: Hands): Promise<Undone> {
  const { world, policy, log, leases, openRemediations, store, tell } = hands;
  const fixed = await lookAt(of, world, policy);
  const aws = of.piece.region === undefined ? world : world.in(of.piece.region);
  const result = await rollback(
    { remediation, force: false },
    {
      rule: of.rule,
      version: 'demo',
      aws,
      actor: `arn:${world.partition}:iam::${world.account}:user/on-call`,
      log,
      leases,
      openRemediations,
      store,
      policy: async () => policy,
      clock: systemClock,
      secondsLeft: () => 120,
      publishOutcome: tell,
      count: () => {},
      warn(message, details) {
        throw new Error(`${message}: ${JSON.stringify(details)}`);
      },
    },
  );
  const events = await log.read(remediation);
  return { result, before, fixed, after: await lookAt(of, world, policy), events, findBreaks: findBreaks(events) };
}

import { systemClock } from '../../functions/clock';
import type { Leases } from '../../functions/coordination/lease';
import { breaks } from '../../functions/log/chain';
import type { LogEvent } from '../../functions/log/event';
import type { Log } from '../../functions/log/log';
import { rollback } from '../../functions/remediate/rollback';
import type { Ending } from '../../functions/remediate/story';
import type { Settings } from '../../functions/settings/settings';
import type { World } from '../contract/scenario';
import { lookAt, type Sight } from './evidence';
import type { Delivery } from './pass';

/** A fix taken back, and what shows that it is. */
export interface Undone {
  readonly ending: Ending;
  /** The state before the fix, with the fix, and after the rollback. */
  readonly before: Sight;
  readonly fixed: Sight;
  readonly after: Sight;
  readonly events: readonly LogEvent[];
  /** What is wrong with the chain of its log; nothing, if all is well. */
  readonly breaks: readonly string[];
}

/** Takes the fix back as a person would, from the log alone. */
export async function takeBack(
  { of, remediation }: Delivery,
  before: Sight,
  { world, settings, log, leases }: { readonly world: World; readonly settings: Settings; readonly log: Log; readonly leases: Leases },
): Promise<Undone> {
  const fixed = await lookAt(of, world, settings);
  const aws = of.piece.region === undefined ? world : world.in(of.piece.region);
  const actor = `arn:${world.partition}:iam::${world.account}:user/on-call`;
  const ending = await rollback({ remediation, force: false }, { rule: of.rule, aws, actor, log, leases, clock: systemClock });
  const events = await log.read(remediation);
  return { ending, before, fixed, after: await lookAt(of, world, settings), events, breaks: breaks(events) };
}

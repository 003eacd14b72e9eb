import * as z from 'zod';
import type { RollbackOrder } from '../coordination/rollback-order';
import { days, hours, minutes } from '../duration';
import type { Kind, LogEvent } from '../log/event';
import type { Result } from '../remediate/context';
import type { Ports } from '../remediate/ports';
import { RollbackImpossible } from './codes';
import { refuseRollback, rollback } from './rollback';

const message = z.strictObject({ rollback: z.string().regex(/^[0-9A-Z]{26}$/) });

/** The remediation that the message requests to roll back; undefined for any other message. */
export const readRollback = (event: unknown): string | undefined => message.safeParse(event).data?.rollback;

const ends: readonly Kind[] = ['rolled-back', 'rollback-refused', 'rollback-failed'];

export interface RollbackRequests {
  /** The recorded request to roll back the remediation. */
  readonly recorded: () => Promise<RollbackOrder | undefined>;
  /** Schedules the same message. Several for the same time are one. */
  readonly schedule: (at: Date) => Promise<void>;
}

/**
 * Rolls back a remediation that an operator requested. The message only names the remediation; the request and its operator are read from the
 * orders table, which only the control function writes: an interrupted rollback, or one that waits for another worker, is delivered again.
 * Its end in the log says that it is complete. Undefined if there is no request; `before` if an earlier delivery completed it.
 */
export async function carryOutRollbackOrder(
  remediation: string,
  ports: Ports,
  { recorded, schedule }: RollbackRequests,
): Promise<Result | 'before' | undefined> {
  const { rule, log, clock, connect } = ports;
  const events = await log.read(remediation);
  const [first] = events;
  if (!first || first.rule !== rule.id) return undefined;
  const order = await recorded();
  if (!order) return isOver('') ? 'before' : undefined;
  if (isOver(order.at)) return 'before';
  // A rollback that was begun is finished, however late.
  const isBegun = events.some(({ kind, time }) => kind === 'rollback-requested' && time >= order.at);
  return !isBegun && new Date(order.expires) <= clock.now() ? undefined : carryOut(order, isBegun);

  function isOver(since: string): boolean {
    return events.some(({ kind, time }) => ends.includes(kind) && time >= since);
  }

  async function carryOut({ at, force, by, why, held }: RollbackOrder, isBegun: boolean): Promise<Result> {
    const comeBack = () => schedule(nextVisit(clock.now(), new Date(at)));
    const rollbackTools = { ...ports, aws: connect(first as LogEvent), actor: by, comeBack };
    try {
      return await rollback({ remediation, force, why, held }, rollbackTools);
    } catch (error) {
      if (error instanceof RollbackImpossible && error.forNow && error.code === 'contained') {
        await comeBack();
        return { remediation, resource: events.at(-1)?.resource ?? '', outcome: 'blocked', reason: error.message };
      }
      if (!(error instanceof RollbackImpossible) || error.forNow) {
        if (isBegun) await comeBack();
        throw error;
      }
      return refuseRollback(remediation, { refused: error.message, code: error.code }, rollbackTools);
    }
  }
}

/** The next full ten minutes, later hour and then day, that are not too soon: deliveries that repeat each other come back once. */
function nextVisit(now: Date, since: Date): Date {
  const age = now.getTime() - since.getTime();
  const late = age < days(1) ? hours(1) : days(1);
  const step = age < hours(1) ? minutes(10) : late;
  return new Date(Math.ceil((now.getTime() + minutes(5)) / step) * step);
}

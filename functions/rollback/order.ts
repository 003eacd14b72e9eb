import * as z from 'zod';
import type { RollbackOrder } from '../coordination/rollback-order';
import type { Kind, LogEvent } from '../log/event';
import type { Result } from '../remediate/context';
import type { Ports } from '../remediate/ports';
import { RollbackImpossible, refuseRollback, rollback } from './rollback';

const message = z.strictObject({ rollback: z.string().regex(/^[0-9A-Z]{26}$/) });

/** The remediation that the message requests to roll back; undefined for any other message. */
export const readRollback = (event: unknown): string | undefined => message.safeParse(event).data?.rollback;

const ends: readonly Kind[] = ['rolled-back', 'rollback-refused', 'rollback-failed'];

/**
 * Rolls back a remediation that an operator requested. The message only names the remediation; the request and its operator are read from the
 * orders table, which only the control function writes: an interrupted rollback, or one that waits for another worker, is delivered again.
 * Its end in the log says that it is complete. Undefined if there is no request; `before` if an earlier delivery completed it.
 */
export async function carryOutRollbackOrder(
  remediation: string,
  ports: Ports,
  recorded: () => Promise<RollbackOrder | undefined>,
): Promise<Result | 'before' | undefined> {
  const { rule, log, clock, connect } = ports;
  const events = await log.read(remediation);
  const [first] = events;
  if (!first || first.rule !== rule.id) return undefined;
  const order = await recorded();
  if (!order) return isOver('') ? 'before' : undefined;
  if (isOver(order.at)) return 'before';
  return new Date(order.expires) <= clock.now() ? undefined : carryOut(order);

  function isOver(since: string): boolean {
    return events.some(({ kind, time }) => ends.includes(kind) && time >= since);
  }

  async function carryOut({ force, by, why, held }: RollbackOrder): Promise<Result> {
    const rollbackTools = { ...ports, aws: connect(first as LogEvent), actor: by };
    try {
      return await rollback({ remediation, force, why, held }, rollbackTools);
    } catch (error) {
      if (!(error instanceof RollbackImpossible) || error.forNow) throw error;
      return refuseRollback(remediation, { refused: error.message, code: error.code }, rollbackTools);
    }
  }
}

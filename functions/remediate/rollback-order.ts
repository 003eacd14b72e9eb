import * as z from 'zod';
import type { RollbackOrder } from '../coordination/order';
import { RollbackImpossible, rollback } from './rollback';
import type { Ending } from './story';
import type { Tools } from './tools';

const message = z.strictObject({ rollback: z.string().regex(/^[0-9A-Z]{26}$/) });

/** The remediation that the message has to be taken back; undefined for any other message. */
export const readRollback = (event: unknown): string | undefined => message.safeParse(event).data?.rollback;

/**
 * Takes a remediation back as a person has ordered. The message only names it: who ordered it, and that it was ordered, stands on record,
 * where the control function alone can put it.
 */
export async function takeRollbackOrder(
  remediation: string,
  tools: Tools,
  take: () => Promise<RollbackOrder | undefined>,
): Promise<Ending | undefined> {
  const { rule, log, clock } = tools;
  const [first] = await log.read(remediation);
  if (!first || first.rule !== rule.id) return undefined;
  const order = await take();
  if (!order || new Date(order.expires) <= clock.now()) return undefined;
  try {
    return await rollback({ remediation, force: order.force }, { ...tools, aws: tools.connect(first), actor: order.by });
  } catch (error) {
    if (!(error instanceof RollbackImpossible)) throw error;
    return { remediation, resource: first.resource, outcome: 'rollback-refused', reason: error.message };
  }
}

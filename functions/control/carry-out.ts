import * as z from 'zod';
import { describe } from '../aws/fault';
import { clean, quote } from '../untrusted-text';
import { historyOf } from './history';
import { order, type Reply, refuse, remediation } from './order';
import { approve } from './orders/approve';
import { lookNow } from './orders/fix';
import { reject, release } from './orders/reject';
import { takeBack } from './orders/rollback';
import { closeRule, start, stop } from './orders/stop';
import type { ControlTools } from './ports';

/** Carries out what `by` orders. `by` is who signed the request, and never what the request says. */
export async function carryOut(given: unknown, by: string, tools: ControlTools): Promise<Reply> {
  const parsed = order.safeParse(given);
  if (!parsed.success) {
    const reason = `The order does not fit: ${parsed.error.issues.map((issue) => said(issue, given)).join('; ')}.`;
    await noteUnfit(given, by, reason, tools);
    return refuse('invalid', reason);
  }
  const { data } = parsed;
  // Nothing may keep people from stopping it.
  if (data.order === 'stop') return stop(data, by, tools);
  if (data.order === 'fix') return lookNow(data, by, tools);
  const policy = await tools.policy().catch((error: unknown) => describe(error));
  if (typeof policy === 'string') return refuse('conflict', `Who may order this is not known: ${policy}`);
  switch (data.order) {
    case 'approve':
      return approve(data, by, policy, tools);
    case 'reject':
      return reject(data, by, policy, tools);
    case 'release':
      return release(data, by, policy, tools);
    case 'rollback':
      return takeBack(data, by, policy, tools);
    case 'start':
      return start(data, by, policy, tools);
    case 'close-breaker':
      return closeRule(data, by, policy, tools);
  }
}

/** `remediation "nope" is no id of a remediation: 26 letters and digits` */
function said({ path: [field], message }: z.core.$ZodIssue, given: unknown): string {
  if (field === undefined) return message;
  const value = typeof given === 'object' && given !== null ? (given as Readonly<Record<PropertyKey, unknown>>)[field] : given;
  return `${String(field)} ${quote(value)} ${message}`;
}

const approval = z.object({ order: z.literal('approve'), remediation });

/** An approval with what no order has, such as the name of somebody else, stands in the log of what it was for. */
async function noteUnfit(given: unknown, by: string, reason: string, tools: ControlTools): Promise<void> {
  const { data } = approval.safeParse(given);
  const history = data && (await historyOf(data.remediation, tools));
  if (history && 'write' in history) await history.write({ kind: 'approval-refused', reason: clean(reason, 1000), actor: by });
}

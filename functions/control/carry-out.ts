import * as z from 'zod';
import { describe } from '../aws/fault';
import { quote, sanitize } from '../untrusted-text';
import { historyOf } from './history';
import { order, type Reply, refuse, remediation } from './order';
import { approve } from './orders/approve';
import { fix } from './orders/fix';
import { reject, release } from './orders/reject';
import { rollBack } from './orders/rollback';
import { closeBreaker, start, stop } from './orders/stop';
import type { ControlPorts } from './ports';

/** Carries out what `by` orders. `by` is who signed the request, and never what the request says. */
export async function carryOut(given: unknown, by: string, ports: ControlPorts): Promise<Reply> {
  const parsed = order.safeParse(given);
  if (!parsed.success) {
    const reason = `The order does not fit: ${parsed.error.issues.map((issue) => said(issue, given)).join('; ')}.`;
    await noteUnfit(given, by, reason, ports);
    return refuse('invalid', reason);
  }
  const { data } = parsed;
  // Nothing may keep people from stopping it.
  if (data.order === 'stop') return stop(data, by, ports);
  if (data.order === 'fix') return fix(data, by, ports);
  const policy = await ports.policy().catch((error: unknown) => describe(error));
  if (typeof policy === 'string') return refuse('conflict', `Who may order this is not known: ${policy}`);
  switch (data.order) {
    case 'approve':
      return approve(data, by, policy, ports);
    case 'reject':
      return reject(data, by, policy, ports);
    case 'release':
      return release(data, by, policy, ports);
    case 'rollback':
      return rollBack(data, by, policy, ports);
    case 'resume':
      return start(data, by, policy, ports);
    case 'close-breaker':
      return closeBreaker(data, by, policy, ports);
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
async function noteUnfit(given: unknown, by: string, reason: string, ports: ControlPorts): Promise<void> {
  const { data } = approval.safeParse(given);
  const history = data && (await historyOf(data.remediation, ports));
  if (history && 'write' in history) await history.write({ kind: 'approval-refused', reason: sanitize(reason, 1000), actor: by });
}

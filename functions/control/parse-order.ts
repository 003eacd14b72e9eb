import * as z from 'zod';
import { quote, sanitize } from '../untrusted-text';
import { historyOf } from './history';
import { type Order, order, remediation } from './order';
import type { ControlPorts } from './ports';
import { type Reply, refuse } from './reply';

/** The order of a request, or the refusal of what is none. */
export async function parseOrder(
  given: unknown,
  by: string,
  ports: ControlPorts,
): Promise<{ readonly order: Order } | { readonly refusal: Reply }> {
  const parsed = order.safeParse(given);
  if (parsed.success) return { order: parsed.data };
  const reason = `The order does not fit: ${parsed.error.issues.map((issue) => said(issue, given)).join('; ')}.`;
  await noteUnfit(given, by, reason, ports);
  return { refusal: refuse('invalid', reason) };
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

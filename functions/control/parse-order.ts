import * as z from 'zod';
import { issueText } from '../shape-issue';
import { quote, sanitize } from '../untrusted-text';
import { historyOf } from './history';
import { type Order, order, remediation } from './order';
import type { ControlPorts } from './ports';
import { type Reply, refuse } from './reply';

/** The parsed request, or its refusal. */
export async function parseOrder(
  given: unknown,
  by: string,
  ports: ControlPorts,
): Promise<{ readonly order: Order } | { readonly refusal: Reply }> {
  const parsed = order.safeParse(given);
  if (parsed.success) return { order: parsed.data };
  const reason = `The request is invalid: ${parsed.error.issues.map((issue) => said(issue, given)).join('; ')}.`;
  await noteUnfit(given, by, reason, ports);
  return { refusal: refuse('invalid', 'invalid-request', reason) };
}

/** `remediation "nope" is not a valid remediation id of 26 letters and digits` */
function said(issue: z.core.$ZodIssue, given: unknown): string {
  const [field] = issue.path;
  if (field === undefined) return `it ${issueText(issue)}`;
  const value = typeof given === 'object' && given !== null ? (given as Readonly<Record<PropertyKey, unknown>>)[field] : given;
  return `${String(field)} ${quote(value)} ${issueText(issue)}`;
}

const approval = z.object({ order: z.literal('approve'), remediation });

/** Logs an invalid approval, such as one with an additional key for the approver, in its remediation. */
async function noteUnfit(given: unknown, by: string, reason: string, ports: ControlPorts): Promise<void> {
  const { data } = approval.safeParse(given);
  const history = data && (await historyOf(data.remediation, ports));
  if (!history || 'refusal' in history) return;
  await history.write({ kind: 'approval-refused', reason: sanitize(reason, 1000), code: 'invalid-request', actor: by });
}

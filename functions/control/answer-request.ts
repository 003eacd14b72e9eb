import * as z from 'zod';
import { answererPattern } from '../policy/answerer';
import { reasonOf } from '../untrusted-text';
import type { OrderRequest } from './order-request';

/** An answer in a ticket or in Slack, as the function of answers hands it on after it has asked the vendor who gave it. */
export const answerShape = z.strictObject({
  answer: z.strictObject({
    by: z.string().regex(answererPattern),
    /** Where it was given, for readers: `SEC-12`. */
    where: z.string().min(1).max(100),
    order: z.enum(['approve', 'reject']),
    remediation: z.string().max(120),
    /** The hash of the plan that the person saw, or its beginning. */
    plan: z.string().regex(/^[0-9a-f]{16,64}$/),
    why: z.string().max(500).optional(),
  }),
});
export type AnswerOrder = z.infer<typeof answerShape>['answer'];

/** The request of an answer; undefined for any other event. An answer approves and rejects the plan that it names, and orders nothing else. */
export function readAnswer(event: unknown): OrderRequest | undefined {
  const parsed = answerShape.safeParse(event);
  if (!parsed.success) return undefined;
  const { by, where, order, remediation, plan, why = '' } = parsed.data.answer;
  const said = [reasonOf(why), `answered in ${reasonOf(where)}`].filter(Boolean).join(', ');
  return { by, given: { order, remediation, why: said, plan } };
}

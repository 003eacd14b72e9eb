import * as z from 'zod';
import { sanitize } from '../untrusted-text';

export const remediation = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'is no id of a remediation: 26 letters and digits');
/** It goes into the log, into mails and onto terminals: one line, without what could mislead a reader. */
const why = z
  .string()
  .max(1000)
  .transform((text) => sanitize(text.replace(/\s+/g, ' '), 1000).replace(/ +/g, ' ').trim())
  .pipe(z.string().min(3, 'says nothing: give a reason of at least three letters'));
const plan = z.string().regex(/^[0-9a-f]{16,64}$/, 'is no hash of a plan, nor the first 16 digits of one or more');
const rule = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)+$/, 'is no id of a rule, as `posture rules` lists them')
  .max(64);

/** What people can order. Who orders it is never part of it: that is told by the signature of the request. */
export const order = z.discriminatedUnion('order', [
  /** With `plan`, only while that is the plan that waits: what somebody was shown may be another one by now. */
  z.strictObject({ order: z.literal('approve'), remediation, plan: plan.optional(), why: why.optional() }),
  z.strictObject({ order: z.literal('reject'), remediation, why }),
  z.strictObject({ order: z.literal('rollback'), remediation, why, force: z.boolean().default(false) }),
  /** Lets the rule fix the resource again, after a rollback or a rejection. */
  z.strictObject({ order: z.literal('release'), remediation, why }),
  /** Has a rule look at a resource now; what it may do there the policy says. */
  z.strictObject({ order: z.literal('fix'), rule, resource: z.string().min(1).max(2048), why }),
  z.strictObject({ order: z.literal('stop'), why }),
  z.strictObject({ order: z.literal('resume'), why }),
  z.strictObject({ order: z.literal('close-breaker'), rule, why }),
]);
export type Order = z.infer<typeof order>;

/** Each order, by its name. */
export type Orders = { readonly [One in Order as One['order']]: One };

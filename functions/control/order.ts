import * as z from 'zod';
import { isRegion } from '../aws/region';
import { stoppable } from '../coordination/stop';
import { parseName } from '../log/trail';
import { reasonOf } from '../untrusted-text';

/** By its id, and by its rule where the id alone is ambiguous: `<rule>/<id>`. */
export const remediation = z
  .string()
  .max(120)
  .refine((text) => parseName(text) !== undefined, 'is not a valid remediation id of 26 letters and digits');
/** Shown in the log, in emails and on terminals: one line, without characters that could mislead a reader. */
const why = z.string().max(1000).transform(reasonOf).pipe(z.string().min(3, 'is too short: specify a reason of at least 3 characters'));
const plan = z.string().regex(/^[0-9a-f]{16,64}$/, 'is not a valid plan hash: specify at least its first 16 digits');
const rule = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)+$/, 'is not a valid rule id: `posture rules` lists them')
  .max(64);

const account = z.string().regex(/^\d{12}$/, 'is not a valid account id of 12 digits');

const stopped = z.enum(stoppable, 'is neither settings nor responses');

/** The requests. The caller is never part of them, but taken from their signature. */
export const order = z.discriminatedUnion('order', [
  /** With `plan`, only if that plan still awaits approval: the plan may have changed since it was shown. */
  z.strictObject({ order: z.literal('approve'), remediation, plan: plan.optional(), why: why.optional() }),
  /** With `plan`, only if that plan awaits approval. */
  z.strictObject({ order: z.literal('reject'), remediation, plan: plan.optional(), why }),
  z.strictObject({ order: z.literal('rollback'), remediation, why, force: z.boolean().default(false) }),
  /** Allows the rule to fix the resource again, after a rollback or a rejection. */
  z.strictObject({ order: z.literal('release'), remediation, why }),
  /** Runs a rule on a resource now; the policy determines what it may do. */
  z.strictObject({ order: z.literal('fix'), rule, resource: z.string().min(1).max(2048), why }),
  /** Asks AWS whether a response could be carried out in an account; changes nothing. */
  z.strictObject({
    order: z.literal('drill'),
    rule,
    account,
    /** Without it, the central Region. */
    region: z.string().refine(isRegion, 'is not a valid Region').optional(),
    /** The ARN of a resource of the account on which it is tried. */
    resource: z.string().min(1).max(2048).optional(),
  }),
  /** With `changes`, only those; without, all. */
  z.strictObject({ order: z.literal('stop'), changes: stopped.optional(), why }),
  z.strictObject({ order: z.literal('resume'), changes: stopped.optional(), why }),
  /** With `account`, only in that account. */
  z.strictObject({ order: z.literal('close-breaker'), rule, account: account.optional(), why }),
]);
export type Order = z.infer<typeof order>;

/** The requests by name. */
export type Orders = { readonly [One in Order as One['order']]: One };

import * as z from 'zod';

/** How a remediation can end or stand, as told; a later minor change may add to them. */
export const publishedOutcomes = [
  'fixed',
  'partly-fixed',
  'verifying',
  'unverified',
  'already-compliant',
  'resource-not-found',
  'exempt',
  'suppressed',
  'off',
  'observed',
  'breaker-open',
  'drift-loop',
  'awaiting-approval',
  'approved',
  'rejected',
  'approval-refused',
  'released',
  'stopped',
  'resumed',
  'breaker-closed',
  'blocked',
  'unfixable',
  'not-configured',
  'deferred',
  'failed',
  'rolled-back',
  'rollback-refused',
  'rollback-failed',
] as const;

/** Sizes that keep an event below what EventBridge takes: 256 KB. */
export const max = {
  reason: 2000,
  text: 2048,
  decision: 50,
  clause: 500,
  changes: 100,
  change: 160,
  tags: 20,
  tag: 300,
  ous: 10,
} as const;

/** What `clean` adds to a text that it cuts. */
const mark = 30;
const text = z
  .string()
  .min(1)
  .max(max.text + mark);
const time = z.iso.datetime({ offset: true });

/** The detail of our events on the bus, version 1. Objects may get more fields; none is taken away or changes its meaning within a version. */
export const outcomeEventShape = z.object({
  version: z.literal('1'),
  remediation: z
    .string()
    .regex(/^[0-9A-Z]{26}$/)
    .describe('The id of the remediation, a ULID: all events of one story have the same.'),
  outcome: z.enum(publishedOutcomes).describe('How it ended, or stands.'),
  reason: z
    .string()
    .max(max.reason + mark)
    .describe('Why, a sentence for people.'),
  time: time.describe('When it ended so.'),
  rule: z.object({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: text.describe('What the rule ensures.'),
    impact: text.optional().describe('What the owner of the resource notices of a fix, and what it costs.'),
    severity: z.enum(['critical', 'high', 'medium', 'low']),
    risk: z.enum(['safe', 'disruptive']),
    controls: z.array(z.string()).max(100).describe('The Security Hub controls that the rule answers.'),
  }),
  finding: text.describe('The id of the finding.'),
  source: text.describe('What brought it: `security-hub`, `security-hub-custom-action`, `config`, `control`.'),
  detectedBy: text.describe('The control or the AWS Config rule that found the fault.'),
  partition: z.string().regex(/^aws(-[a-z]+)*$/),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .describe('The account of the resource.'),
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .describe('The region of the resource.'),
  resource: z.object({ arn: text, type: text.describe("Of AWS Config: 'AWS::S3::Bucket'.") }),
  actor: text.describe("Who acted: the ARN of the function's role, or of the person."),
  decision: z
    .array(z.string().max(max.clause + mark))
    .max(max.decision)
    .describe('Each clause of the decision, in order.'),
  changes: z
    .array(z.string().max(max.change + mark))
    .max(max.changes)
    .describe('The calls that were made or would be, in order: `s3:PutBucketPolicy`. Never what they hold.'),
  omitted: z
    .object({ decision: z.int().min(0), changes: z.int().min(0) })
    .optional()
    .describe('How many clauses and calls are left out here, for the size; the log has them all.'),
  times: z.object({
    detected: time.optional(),
    received: time.optional(),
    decided: time.optional(),
    applied: time.optional(),
    verified: time.optional(),
  }),
  until: time.optional().describe('With `deferred`, `pending` or `blocked`: when it comes again by itself. With `exempt`: when that ends.'),
  deferredBy: z
    .array(z.string())
    .max(max.decision)
    .optional()
    .describe('With `deferred`: the clauses that put it off: `grace`, `window`, `freeze`, `limit`, `stop`.'),
  approval: z
    .object({ hash: z.string().regex(/^[0-9a-f]{64}$/), expires: time })
    .optional()
    .describe('The plan that waits: what an approval is for, and until when.'),
  owner: text.optional().describe("The value of the resource's owner tag; left out where it has none, or its tags were not read."),
  ownedBy: text.optional().describe('The template or the operator that owns the resource, as far as that is known.'),
  tags: z
    .record(z.string(), z.string())
    .optional()
    .describe('Of the tags, those that `notifications` of the policy names; left out where the tags were not read.'),
  ous: z
    .array(z.string())
    .max(max.ous)
    .optional()
    .describe('The organizational units of the account, from its parent up; left out where nobody asked.'),
  repeated: z.literal(true).optional().describe('Nothing is new: the same was told before.'),
});

export type OutcomeEvent = z.infer<typeof outcomeEventShape>;
export type PublishedOutcome = OutcomeEvent['outcome'];

/** On the bus `posture`: `source` and `detail-type`. */
export const outcomeEnvelope = { source: 'posture', detailType: 'Posture Remediation' } as const;

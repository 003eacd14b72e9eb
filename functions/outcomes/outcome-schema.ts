import * as z from 'zod';
import { publishedOutcomes } from '../log/published-outcomes';

/** Maximum sizes, which keep an event below the limit of EventBridge: 256 KB. */
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
  code: 64,
  evidence: 20,
} as const;

/** The maximum length of the suffix that `sanitize` adds to a truncated text. */
const mark = 30;
const text = z
  .string()
  .min(1)
  .max(max.text + mark);
const time = z.iso.datetime({ offset: true });

/** The detail of the outcome events, version 1. Within a version, fields may be added, but not removed or changed in meaning. */
export const outcomeEventShape = z.object({
  version: z.literal('1'),
  remediation: z
    .string()
    .regex(/^[0-9A-Z]{26}$/)
    .describe('The id of the remediation, a ULID. All events of one remediation have the same id.'),
  outcome: z.enum(publishedOutcomes).describe('The outcome, or the present state.'),
  reason: z
    .string()
    .max(max.reason + mark)
    .describe('The reason, a sentence for readers. Its wording may change.'),
  code: z
    .string()
    .min(1)
    .max(max.code + mark)
    .optional()
    .describe(
      'The stable code of the reason, in lower case with hyphens, such as `no-https-listener` or `approval-expired`. Set with `unfixable`, `blocked`, `incomplete`, `not-configured`, `approval-refused`, `request-refused` and `rollback-refused`.',
    ),
  time: time.describe('The time of the outcome.'),
  rule: z.object({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: text.describe('The expected state that the rule ensures.'),
    impact: text.optional().describe('The impact of a fix on the owner of the resource, and its cost.'),
    severity: z.enum(['critical', 'high', 'medium', 'low']),
    risk: z.enum(['safe', 'disruptive']),
    controls: z.array(z.string()).max(100).describe('The Security Hub controls that the rule remediates.'),
    exposes: z.literal(true).optional().describe('As long as the misconfiguration lasts, anybody may reach the resource.'),
    response: z.literal(true).optional().describe('The rule responds to a threat.'),
  }),
  finding: text.describe('The id of the finding.'),
  source: text.describe(
    'The source of the finding: `security-hub` (CSPM), `security-hub-v2` (OCSF), `security-hub-custom-action`, `config`, `guardduty`, `macie`, `access-analyzer`, `inspector`, `sweep`, `control` for a request to the control function, or `custom` for a request of another tool.',
  ),
  requester: text.optional().describe('With the source `custom`: the name in the policy of the tool that requested the remediation.'),
  reference: text.optional().describe('With the source `custom`: the ticket or alert of that tool, as in its request.'),
  evidence: z
    .record(z.string(), z.string())
    .optional()
    .describe('Of a response: what the source knows of the attack, as texts by name: the access key, the address of the other side.'),
  detectedBy: text.describe('The Security Hub control or AWS Config rule that detected the misconfiguration.'),
  partition: z.string().regex(/^aws(-[a-z]+)*$/),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .describe('The account of the resource.'),
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .describe('The Region of the resource.'),
  resource: z.object({ arn: text, type: text.describe('The AWS Config resource type: `AWS::S3::Bucket`.') }),
  actor: text.describe("The ARN of the function's role, or of the operator."),
  decision: z
    .array(z.string().max(max.clause + mark))
    .max(max.decision)
    .describe('The result of each clause of the decision, in order.'),
  changes: z
    .array(z.string().max(max.change + mark))
    .max(max.changes)
    .describe('The API calls that were or would be made, in order: `s3:PutBucketPolicy`. Their parameters are never included.'),
  omitted: z
    .object({ decision: z.int().min(0), changes: z.int().min(0) })
    .optional()
    .describe('The numbers of clauses and calls omitted because of the size limit. The log contains all.'),
  times: z.object({
    occurred: time.optional().describe('When the misconfiguration came about, if anybody knows: see `occurrence`.'),
    detected: time.optional(),
    received: time.optional(),
    decided: time.optional(),
    applied: time.optional(),
    verified: time.optional(),
  }),
  occurrence: z
    .object({ as: z.enum(['activity', 'change', 'stated']), call: text.optional() })
    .optional()
    .describe(
      'Who says `times.occurred`. `activity`: GuardDuty, of the activity that it first saw. `change`: CloudTrail, of the last call that could have brought the misconfiguration about; it may be older. `stated`: the tool that requested the remediation.',
    ),
  until: time
    .optional()
    .describe(
      'With `deferred`, `verifying`, `unverified`, `incomplete` or `blocked`: the time of the next attempt. With `exempt`: the end of the exemption.',
    ),
  deferredBy: z
    .array(z.string())
    .max(max.decision)
    .optional()
    .describe('With `deferred`: the deferring clauses: `grace`, `window`, `freeze`, `limit`, `stop`.'),
  approval: z
    .object({ hash: z.string().regex(/^[0-9a-f]{64}$/), expires: time })
    .optional()
    .describe('The plan that awaits approval: its hash, and the deadline.'),
  deadline: z
    .object({ at: time, action: z.enum(['escalate', 'fix']), passed: z.literal(true).optional() })
    .optional()
    .describe(
      'Until when the misconfiguration is to be ended by `deadlines` of the policy, or until when a response is to be answered by `responses.escalate`, and whether that has passed.',
    ),
  owner: text.optional().describe("The value of the resource's owner tag, if it has one and its tags were read."),
  ownedBy: text.optional().describe('The infrastructure-as-code tool or operator that manages the resource, if known.'),
  template: z
    .object({ stack: text, logicalId: text.optional(), property: text.optional() })
    .optional()
    .describe(
      'The CloudFormation stack that manages the resource, its logical id there, and the property to change, if the tags were read.',
    ),
  expected: z
    .record(z.string(), z.json())
    .optional()
    .describe(
      'With `ownedBy`: the CloudFormation properties that the plan sets, nested as in a template, if all of its calls have certain counterparts. Only plain settings: no ARN, policy or address.',
    ),
  tags: z
    .record(z.string(), z.string())
    .optional()
    .describe('The tags that `notifications` of the policy refers to, if the tags were read.'),
  ous: z
    .array(z.string())
    .max(max.ous)
    .optional()
    .describe('The organizational units of the account, from its parent up, if they were read.'),
  repeated: z.literal(true).optional().describe('The same outcome was published before.'),
  notify: z.literal(false).optional().describe('No topic is to be notified, by the policy that was in force.'),
});

export type OutcomeEvent = z.infer<typeof outcomeEventShape>;
export type PublishedOutcome = OutcomeEvent['outcome'];

/** On the bus `posture`: `source` and `detail-type`. */
export const outcomeEnvelope = { source: 'posture', detailType: 'Posture Remediation' } as const;

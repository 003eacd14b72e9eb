import * as z from 'zod';
import { cron, localTime, timeZone } from './calendar';
import { scope } from './scope';

export const modes = ['off', 'observe', 'ask', 'fix'] as const;
export type Mode = (typeof modes)[number];

const mode = z.enum(modes);
const whatModesDo = '`off`: nothing is done. `observe`: the plan is logged. `ask`: it waits for an approval. `fix`: it is done.';
const text = z.string().min(1).max(1000);
const principal = z
  .string()
  .regex(/^(arn:aws(-[a-z]+)*:(iam|sts)::\d{12}:(user|role|assumed-role|root|federated-user)[!-~]*|security-hub-custom-action)$/, {
    error:
      'is no ARN of an IAM user, role or role session (`arn:aws:sts::111122223333:assumed-role/OnCall/*`), nor `security-hub-custom-action`',
  });
const count = z.int().min(0).max(1_000_000);
const limit = z.strictObject({
  hour: count.optional().describe('Changes an hour, by the clock in UTC; those that fail or are taken back count, too.'),
  day: count.optional().describe('Changes a day, by the calendar in UTC; those that fail or are taken back count, too.'),
});
const date = z.iso.date({ error: 'is no day such as 2027-01-31' }).describe('The last day on which it holds, in UTC: 2027-01-31.');
const topic = z.string().regex(/^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:posture-[A-Za-z0-9_-]+$/, {
  error: 'is no ARN of an SNS topic whose name begins with `posture-`, to which alone the hub may publish',
});

/** What the owner allows, the content of `posture.yaml`. Of all that holds for a case, the most restrictive wins. */
export const policy = z.strictObject({
  modes: z
    .strictObject({
      default: mode.default('observe').describe(`Where no clause below fits. ${whatModesDo}`),
      clauses: z
        .array(z.strictObject({ mode: mode.describe(whatModesDo), ...scope }))
        .default([])
        .describe('Of all clauses that fit, the most restrictive mode holds.'),
    })
    .prefault({})
    .describe('What becomes of what is found.'),
  exemptions: z
    .array(
      z.strictObject({
        reason: text.describe('Why, for the auditor.'),
        owner: text.describe('Who answers for it.'),
        expires: date,
        ...scope,
      }),
    )
    .default([])
    .describe('Resources that are left alone.'),
  exemptionTag: z
    .string()
    .min(1)
    .max(128)
    .default('posture:exempt')
    .describe(
      'The key of the tag that exempts a resource: `all` or rule ids, then `until` and a date: `s3-bucket-tls-required until 2027-01-31`.',
    ),
  windows: z
    .array(
      z.strictObject({
        name: text.describe('What the log calls it.'),
        opens: cron.describe('When it opens, as minute, hour, day, month, weekday: `0 22 * * MON-FRI`.'),
        hours: z.number().min(0.25).max(168).describe('How long it stays open, in hours.'),
        timeZone,
        ...scope,
      }),
    )
    .default([])
    .describe('Changes are made only while one of the windows that fit is open; where none fits, at any time.'),
  freezes: z
    .array(z.strictObject({ reason: text.describe('Why, for the auditor.'), from: localTime, to: localTime, timeZone, ...scope }))
    .default([])
    .describe('No changes from one time to another.'),
  limits: z
    .strictObject({
      rule: limit.prefault({}).describe('For each rule.'),
      account: limit.prefault({}).describe('For each account.'),
      all: limit.prefault({ hour: 100 }).describe('For all together.'),
      beyond: z.enum(['defer', 'ask']).default('defer').describe('What becomes of a change beyond the limit.'),
    })
    .prefault({})
    .describe('How many changes are made at most.'),
  breaker: z
    .strictObject({
      failures: z.int().min(1).max(1000).default(5).describe('Failures in a row that put a rule back to observe.'),
      rollbacks: z.int().min(1).max(1000).default(3).describe('Rollbacks by people within 24 hours that do so.'),
    })
    .prefault({})
    .describe('When a rule only observes, until a person closes its breaker.'),
  fights: z
    .strictObject({
      fixes: z.int().min(1).max(100).default(3).describe('Fixes of one resource by one rule'),
      days: z.number().min(0.01).max(90).default(7).describe('within so many days, after which the rule leaves it to its owner.'),
    })
    .prefault({})
    .describe('When a rule gives up on a resource that somebody changes back each time.'),
  ownership: z
    .strictObject({
      mode: mode.default('ask').describe(`For a resource that a template or an operator owns. ${whatModesDo}`),
      tags: z
        .array(
          z.strictObject({
            key: text.describe('Of the tag.'),
            value: text.default('*').describe('Of the tag.'),
            owner: text.describe('What owns it: `Terraform`.'),
          }),
        )
        .default([])
        .describe('Tags by which your resources tell that, besides those that the tools set themselves; `*` stands for any characters.'),
      lastChange: z
        .boolean()
        .default(true)
        .describe('Whether CloudTrail is asked who changed the resource last: a template tool shows by its user agent.'),
    })
    .prefault({})
    .describe('What templates and operators own is better changed there.'),
  grace: z
    .array(z.strictObject({ hours: z.number().min(0).max(8760).describe('From the detection.'), ...scope }))
    .default([])
    .describe('Time that the owner has from the detection until the fix. The longest that fits holds.'),
  parameters: z
    .array(
      z.strictObject({
        values: z.record(z.string(), z.json()).describe('By the names of parameters, as `posture rules <id>` tells them.'),
        rules: scope.rules,
        accounts: scope.accounts,
        regions: scope.regions,
      }),
    )
    .default([])
    .describe('Parameters of rules. A later entry goes over an earlier one. Without `rules`, each value goes to the rules that know it.'),
  approvals: z
    .strictObject({
      approvers: z
        .array(z.strictObject({ principals: z.array(principal).min(1).describe('ARNs of IAM users, roles and role sessions.'), ...scope }))
        .default([])
        .describe('Who may approve, reject and roll back what, and stop everything; `*` stands for any characters.'),
      hours: z.number().min(0.1).max(8760).default(168).describe('How long a plan waits for an approval, and an approval for its window.'),
      fourEyes: z.boolean().default(true).describe('Nobody approves what they have asked for, nor what they themselves have changed last.'),
      personalSessions: z
        .array(
          z.string().regex(/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@*?-]+$/, {
            error: 'is no ARN of a role, without its path: `arn:aws:iam::111122223333:role/OnCall`',
          }),
        )
        .default([])
        .describe(
          'Roles whose sessions an identity provider names, each after one person, as IAM Identity Center always does. Of any other role all sessions are one person to four eyes: who may assume it chooses the name.',
        ),
    })
    .prefault({})
    .describe('Who may say yes to what waits.'),
  rollbacks: z
    .strictObject({
      exemptDays: z.number().min(0).max(3650).default(90).describe('How long what was rolled back is not fixed again.'),
    })
    .prefault({})
    .describe('What follows a rollback.'),
  notifications: z
    .strictObject({
      topics: z
        .array(
          z.strictObject({
            topic: topic.describe('Its ARN.'),
            format: z.enum(['email', 'chat']).default('email').describe('`chat`: for Amazon Q Developer in chat applications.'),
            outcomes: z.array(text).min(1).optional().describe('Outcomes that are told; left out, those that a person has to know.'),
            owners: z.array(text).min(1).optional().describe('Values of the owner tag; `*` stands for any characters.'),
            ...scope,
          }),
        )
        .default([])
        .describe('SNS topics, besides the one of the hub.'),
      ownerTag: z.string().min(1).max(128).default('owner').describe('The key of the tag that tells who owns a resource.'),
      perMinute: z.int().min(1).max(1000).default(10).describe('More messages to a topic in a minute become one digest.'),
    })
    .prefault({})
    .describe('Who is told.'),
});

export type Policy = z.infer<typeof policy>;

/** Of a fresh deployment: nothing is changed. */
export const freshPolicy: Policy = policy.parse({});

/** Whether any clause is about organizational units: only then are they asked for. */
export function namesOus(given: Policy): boolean {
  const { modes: set, exemptions, windows, freezes, grace, approvals, notifications } = given;
  const scopes = [set.clauses, exemptions, windows, freezes, grace, approvals.approvers, notifications.topics].flat();
  return scopes.some(({ ous }) => ous !== undefined);
}

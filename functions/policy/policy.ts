import * as z from 'zod';
import { cron, localTime, timeZone } from './calendar';
import { never } from './never';
import { requesters } from './requesters';
import { type Scope, scope } from './scope';
import { tickets } from './tickets';

export const modes = ['off', 'observe', 'ask', 'fix'] as const;
export type Mode = (typeof modes)[number];

const mode = z.enum(modes);
const whatModesDo =
  '`off`: findings are ignored. `observe`: the plan is only logged. `ask`: the plan waits for an approval. `fix`: the plan is applied.';
const text = z.string().min(1).max(1000);
const principal = z
  .string()
  .regex(/^(arn:aws(-[a-z]+)*:(iam|sts)::\d{12}:(user|role|assumed-role|root|federated-user)[!-~]*|security-hub-custom-action)$/, {
    error:
      'is not a valid ARN of an IAM user, role or role session (`arn:aws:sts::111122223333:assumed-role/OnCall/*`), nor `security-hub-custom-action`',
  });
const roleWithoutPath = z.string().regex(/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@*?-]+$/, {
  error: 'is not a valid role ARN without a path: `arn:aws:iam::111122223333:role/OnCall`',
});
const count = z.int().min(0).max(1_000_000);
const limit = z.strictObject({
  hour: count.optional().describe('Changes per hour (clock hour in UTC), including failed and reverted ones.'),
  day: count.optional().describe('Changes per day (calendar day in UTC), including failed and reverted ones.'),
});
const date = z.iso
  .date({ error: 'is not a valid date such as 2027-01-31' })
  .describe('The last day on which it applies, in UTC: 2027-01-31.');
const topic = z.string().regex(/^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:posture-[A-Za-z0-9_-]+$/, {
  error: 'is not a valid ARN of an SNS topic whose name begins with `posture-`, the only topics that the remediator can publish to',
});

/** The policy, the content of `posture.yaml`. Of all clauses that apply to a case, the most restrictive wins. */
export const policy = z.strictObject({
  modes: z
    .strictObject({
      default: mode.default('observe').describe(`The mode if no clause below matches. ${whatModesDo}`),
      clauses: z
        .array(z.strictObject({ mode: mode.describe(whatModesDo), ...scope }))
        .default([])
        .describe('The most restrictive mode of all matching clauses applies.'),
    })
    .prefault({})
    .describe('How findings are handled.'),
  responses: z
    .strictObject({
      default: mode.default('ask').describe(`The mode of responses to threats if no clause below matches. ${whatModesDo}`),
      clauses: z
        .array(z.strictObject({ mode: mode.describe(whatModesDo), ...scope }))
        .default([])
        .describe(
          'The most restrictive mode of all matching clauses applies. A response is disruptive: `fix` only applies by a clause that names it.',
        ),
      never,
      limit: limit.prefault({ hour: 3 }).describe('The limit for each response. Those beyond it require an approval.'),
      caps: z
        .strictObject({
          account: count.default(3).describe('Resources in an account per hour.'),
          identities: count.default(1).describe('Users and roles in an account per hour.'),
          groupPercent: z
            .number()
            .min(0)
            .max(100)
            .default(10)
            .describe('Instances of an Auto Scaling group per hour, in percent; one of a small group, unless it is 0.'),
        })
        .prefault({})
        .describe(
          'How many different resources all responses together contain per hour (clock hour in UTC). Those beyond it require an approval, whatever their mode.',
        ),
      escalate: z
        .strictObject({
          minutes: z.number().min(1).max(10_080).default(15).describe('Minutes from the request for an approval.'),
        })
        .prefault({})
        .describe('When a request for an approval that nobody answered is notified again, and what `preauthorized` names is done.'),
      preauthorized: z
        .array(
          z.strictObject({
            types: z
              .array(z.string().min(1).max(512))
              .min(1)
              .describe('Finding types; `*` matches any characters: `UnauthorizedAccess:IAMUser/*`.'),
            ...scope,
          }),
        )
        .default([])
        .describe(
          'Responses in the mode `ask` that are carried out if nobody answers in time. A clause applies only if all its keys match with certainty.',
        ),
      approvalHours: z
        .number()
        .min(0.1)
        .max(168)
        .default(24)
        .describe(
          'How many hours the plan of a response waits for an approval; then it is asked for afresh. Older findings are not preauthorized.',
        ),
      reviewDays: z
        .number()
        .min(0.01)
        .max(365)
        .default(7)
        .describe('After how many days a notification asks for a review of what is contained, which is never released by itself.'),
      duringFreezes: z.boolean().default(false).describe('Whether responses are also made during freezes.'),
    })
    .prefault({})
    .describe(
      'How threats are responded to: containing a resource, revoking access. Modes, windows, grace periods, ownership and limits of settings do not apply.',
    ),
  grants: z
    .array(
      z.strictObject({
        grants: z.enum(['read']).describe('`read`: the member roles of these accounts only read, as they are deployed by default.'),
        accounts: scope.accounts,
        ous: scope.ous,
      }),
    )
    .default([])
    .describe(
      'Accounts whose member roles only read: their findings are observed, whatever their mode. An entry without keys is for all accounts.',
    ),
  exemptions: z
    .array(
      z.strictObject({
        reason: text.describe('The reason, for the audit log.'),
        owner: text.describe('The person or team responsible for it.'),
        expires: date,
        ...scope,
      }),
    )
    .default([])
    .describe('Resources that are not changed.'),
  exemptionTag: z
    .string()
    .min(1)
    .max(128)
    .default('posture:exempt')
    .describe(
      'The key of the tag that exempts a resource. Its value is `all` or rule ids, then `until` and a date: `s3-bucket-tls-required until 2027-01-31`.',
    ),
  windows: z
    .array(
      z.strictObject({
        name: text.describe('The name of the window in the log.'),
        opens: cron.describe('The opening time as a cron expression (minute, hour, day, month, weekday): `0 22 * * MON-FRI`.'),
        hours: z.number().min(0.25).max(168).describe('The duration in hours.'),
        timeZone,
        ...scope,
      }),
    )
    .default([])
    .describe('Changes are made only while a matching window is open; if no window matches, at any time.'),
  freezes: z
    .array(z.strictObject({ reason: text.describe('The reason, for the audit log.'), from: localTime, to: localTime, timeZone, ...scope }))
    .default([])
    .describe('Periods without changes.'),
  limits: z
    .strictObject({
      rule: limit.prefault({}).describe('The limit for each rule.'),
      account: limit.prefault({ hour: 50 }).describe('The limit for each account, below that of all: one account must not use that up.'),
      all: limit.prefault({ hour: 100 }).describe('The limit for all rules and accounts together.'),
      beyond: z.enum(['defer', 'ask']).default('defer').describe('How changes beyond the limit are handled.'),
    })
    .prefault({})
    .describe('The maximum number of changes.'),
  breaker: z
    .strictObject({
      failures: z.int().min(1).max(1000).default(5).describe('Consecutive failures of a rule in an account that open its breaker there.'),
      rollbacks: z
        .int()
        .min(1)
        .max(1000)
        .default(3)
        .describe('Manual rollbacks within 24 hours in an account that open the breaker of a rule there.'),
      accounts: z
        .int()
        .min(1)
        .max(1000)
        .default(3)
        .describe('Accounts in which the breaker of a rule opens within 24 hours that open it in all accounts.'),
    })
    .prefault({})
    .describe('When the breaker of a rule opens, in an account or in all. The rule then only observes there until an approver closes it.'),
  driftLoops: z
    .strictObject({
      fixes: z
        .int()
        .min(1)
        .max(100)
        .default(3)
        .describe('The number of fixes of one resource by one rule within `days` after which the rule stops fixing it.'),
      days: z.number().min(0.01).max(90).default(7).describe('The period in days in which `fixes` are counted.'),
    })
    .prefault({})
    .describe('When a rule stops fixing a resource that is repeatedly changed back.'),
  ownership: z
    .strictObject({
      mode: mode
        .default('ask')
        .describe(`The mode for a resource that an infrastructure-as-code tool or an operator manages. ${whatModesDo}`),
      tags: z
        .array(
          z.strictObject({
            key: text.describe('The key of the tag.'),
            value: text.default('*').describe('The value of the tag.'),
            owner: text.describe('The owner that the tag indicates: `Terraform`.'),
          }),
        )
        .default([])
        .describe('Tags that indicate an owner, in addition to the tags that the tools set themselves; `*` matches any characters.'),
      lastChange: z
        .boolean()
        .default(true)
        .describe('Whether to look up the last change of the resource in CloudTrail: tools are recognized by their user agent.'),
    })
    .prefault({})
    .describe('Resources that infrastructure-as-code tools or operators manage, which should be changed at their source.'),
  grace: z
    .array(z.strictObject({ hours: z.number().min(0).max(8760).describe('Hours from the detection.'), ...scope }))
    .default([])
    .describe('The time from detection to fix in which the owner can act. The longest matching one applies.'),
  deadlines: z
    .array(
      z.strictObject({
        hours: z.number().min(1).max(87_600).describe('Hours from the detection; at least 24 from when the remediator received it first.'),
        action: z
          .enum(['escalate', 'fix'])
          .default('escalate')
          .describe('`escalate`: it is notified again, and its ticket says so. `fix`: the mode `ask` no longer holds; all else does.'),
        ...scope,
      }),
    )
    .default([])
    .describe('Until when misconfigurations are to be ended. The first matching one applies.'),
  parameters: z
    .array(
      z.strictObject({
        values: z.record(z.string(), z.json()).describe('Values by parameter name. `posture rules <id>` lists the parameters of a rule.'),
        rules: scope.rules,
        accounts: scope.accounts,
        regions: scope.regions,
      }),
    )
    .default([])
    .describe(
      'Parameters of rules. A later entry overrides an earlier one. Without `rules`, each value applies to the rules that have the parameter.',
    ),
  configRules: z
    .record(z.string().min(1).max(128), z.string().min(1).max(256))
    .default({})
    .describe(
      'Names of your own Config rules, and the AWS managed rule that each stands for: `acme-restricted-ssh: restricted-ssh`. Only for what AWS Config can not tell, such as custom rules: managed rules are recognized whatever their name.',
    ),
  securityHub: z
    .enum(['cspm', 'v2', 'both'])
    .default('cspm')
    .describe(
      'Which findings of controls are processed. `cspm`: those of Security Hub CSPM, in the AWS Security Finding Format. `v2`: those of Security Hub, in OCSF. `both`: both; a misconfiguration that both report is one remediation.',
    ),
  serviceFindings: z
    .enum(['native', 'cspm', 'v2', 'all'])
    .default('all')
    .describe(
      'Which findings of GuardDuty, Inspector, Macie and IAM Access Analyzer are processed. `native`: those that the services send themselves. `cspm`: those in Security Hub CSPM. `v2`: those in Security Hub, in OCSF. `all`: all; what several report about a resource is one remediation.',
    ),
  detectorParameters: z
    .enum(['ask', 'follow'])
    .default('ask')
    .describe(
      'What happens where parameters of a control or an AWS Config rule make a rule take more away than it does by itself. `ask`: the plan waits for an approval. `follow`: it does not, unless anybody in the account can have set the parameters.',
    ),
  requesters,
  approvals: z
    .strictObject({
      approvers: z
        .array(z.strictObject({ principals: z.array(principal).min(1).describe('ARNs of IAM users, roles and role sessions.'), ...scope }))
        .default([])
        .describe(
          'Who can approve, reject, release and roll back, close breakers and resume changes. Every operator can stop changes. `*` matches any characters.',
        ),
      hours: z
        .number()
        .min(0.1)
        .max(8760)
        .default(168)
        .describe('How many hours a plan waits for an approval, and an approval for an open change window.'),
      fourEyes: z.boolean().default(true).describe('Nobody can approve their own request, or a fix of a resource that they changed last.'),
      personalSessions: z
        .array(roleWithoutPath)
        .default([])
        .describe(
          'Roles whose session names an identity provider sets, one for each person, as IAM Identity Center always does. For `fourEyes`, nobody can tell who is in a session of another role, because the caller chooses the session name.',
        ),
      automationRoles: z
        .array(roleWithoutPath)
        .default([])
        .describe(
          'Roles that no person can assume, such as those of pipelines. For `fourEyes`, their changes and requests are those of nobody who approves.',
        ),
      channelRoles: z
        .array(roleWithoutPath)
        .default([])
        .describe(
          'Roles that a chat channel shares, such as those of Amazon Q Developer in chat applications. All who use one count as one person, and can not approve responses to threats.',
        ),
    })
    .prefault({})
    .describe('Who can approve changes, and how long an approval is possible.'),
  rollbacks: z
    .strictObject({
      exemptDays: z.number().min(0).max(3650).default(90).describe('How many days a resource is not fixed again after a rollback.'),
    })
    .prefault({})
    .describe('The exemption after a rollback.'),
  notifications: z
    .strictObject({
      topics: z
        .array(
          z.strictObject({
            topic: topic.describe('The ARN of the topic.'),
            format: z
              .enum(['email', 'chat'])
              .default('email')
              .describe('The message format. `chat`: for Amazon Q Developer in chat applications.'),
            outcomes: z.array(text).min(1).optional().describe('The outcomes to notify about. Default: those that require attention.'),
            owners: z.array(text).min(1).optional().describe('Values of the owner tag; `*` matches any characters.'),
            ...scope,
          }),
        )
        .default([])
        .describe('SNS topics, in addition to the topic `posture-notifications`.'),
      ownerTag: z.string().min(1).max(128).default('owner').describe('The key of the tag that names the owner of a resource.'),
      perMinute: z
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .describe('The maximum number of messages to a topic per minute. Further messages are combined into one digest.'),
    })
    .prefault({})
    .describe('Who is notified.'),
  tickets: tickets.optional().describe('Tickets for misconfigurations. Without it, the function of tickets is not deployed.'),
});

export type Policy = z.infer<typeof policy>;

/** The policy of a fresh deployment: nothing is changed. */
export const freshPolicy: Policy = policy.parse({});

/** Whether any clause refers to organizational units: only then are they read. */
export function namesOus(given: Policy): boolean {
  const {
    modes: set,
    responses,
    grants,
    exemptions,
    windows,
    freezes,
    grace,
    deadlines,
    approvals,
    notifications,
    tickets: written,
  } = given;
  const scopes: readonly Pick<Scope, 'ous'>[] = [
    set.clauses,
    responses.clauses,
    responses.preauthorized,
    grants,
    exemptions,
    windows,
    freezes,
    grace,
    deadlines,
    approvals.approvers,
    notifications.topics,
    written?.scope ?? [],
  ].flat();
  return scopes.some(({ ous }) => ous !== undefined);
}

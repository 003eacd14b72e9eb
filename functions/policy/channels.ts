import * as z from 'zod';
import { secretName } from './secret-name';
import { isTrackerUrl } from './tracker-url';

const api = z.string().max(500).refine(isTrackerUrl, {
  error: 'is not a valid address of an API: https, a host name, and no user, query or fragment; http only for this machine',
});

const person = z.string().regex(/^arn:aws(-[a-z]+)*:(iam::\d{12}:user\/[\w+=,.@/-]+|sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+)$/, {
  error:
    'is not a valid ARN of one person: an IAM user (`arn:aws:iam::111122223333:user/ada`), or a role session with its name (`arn:aws:sts::111122223333:assumed-role/OnCall/ada`); wildcards are not allowed',
});

/** Who answers in tickets and in Slack. */
export const answers = z.strictObject({
  secret: secretName.describe(
    'The secret in Secrets Manager with the signing secrets of the webhooks: `tracker`, `slack`, and during a rotation `tracker-before`, `slack-before`.',
  ),
  operators: z
    .array(
      z
        .strictObject({
          person: person.describe(
            'The ARN of the IAM user or role session that the person is in AWS: what it can approve, the person can answer.',
          ),
          user: z
            .string()
            .regex(/^[\w:.@-]{1,128}$/, { error: 'is not a valid user id' })
            .optional()
            .describe(
              'The id of the user in the tracker, which no renaming changes: the account id in Jira Cloud, the key in Jira Data Center, the number in GitHub, the sys_id in ServiceNow.',
            ),
          slack: z
            .string()
            .regex(/^[UW][A-Z0-9]{2,20}$/, { error: 'is not a valid member id of Slack, such as U012AB3CD' })
            .optional()
            .describe('The member id of the person in Slack.'),
        })
        .refine(({ user, slack }) => user !== undefined || slack !== undefined, { error: 'names neither `user` nor `slack`' }),
    )
    .min(1)
    .max(500)
    .describe('The users of the tracker and of Slack whose answers count, each with the person that it is.'),
});

export const slack = z.strictObject({
  workspace: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,20}$/, { error: 'is not a valid id of a Slack workspace, such as T012AB3CD' })
    .describe('The id of the workspace.'),
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,20}$/, { error: 'is not a valid id of a Slack channel, such as C012AB3CD' })
    .describe('The id of the channel. Only those who may know of misconfigurations should be in it.'),
  secret: secretName.describe('The secret in Secrets Manager with the bot token of the Slack app: `token`.'),
  url: api.default('https://slack.com/api').describe('The address of the API.'),
});

export const pagerDuty = z.strictObject({
  secret: secretName.describe('The secret in Secrets Manager with the integration key of the service: `routingKey`.'),
  url: api
    .default('https://events.pagerduty.com')
    .describe('The address of the Events API; in the service region of the EU, https://events.eu.pagerduty.com.'),
  severities: z
    .array(z.enum(['critical', 'high', 'medium', 'low']))
    .min(1)
    .default(['critical', 'high'])
    .describe('The severities of the rules that get incidents, within `tickets.scope`.'),
});

export type SlackSettings = z.infer<typeof slack>;
export type PagerDutySettings = z.infer<typeof pagerDuty>;

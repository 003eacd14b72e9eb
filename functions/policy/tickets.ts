import * as z from 'zod';
import { type PublishedOutcome, publishedOutcomes } from '../log/published-outcomes';
import { answers, pagerDuty, slack } from './channels';
import { scope } from './scope';
import { secretName } from './secret-name';
import { isTrackerUrl } from './tracker-url';

export const vendors = ['jira-cloud', 'jira-data-center', 'github', 'servicenow'] as const;

const text = z.string().min(1).max(1000);
const outcomes = (described: string, first: readonly PublishedOutcome[]) =>
  z
    .array(z.enum(publishedOutcomes))
    .default([...first])
    .describe(described);
const values = z.record(z.string().min(1).max(128), z.json()).default({});

const tracker = z.strictObject({
  vendor: z.enum(vendors).describe('The product.'),
  url: z
    .string()
    .max(500)
    .refine(isTrackerUrl, {
      error:
        'is not a valid address of a tracker: https, a host name, and no user, query or fragment, such as https://acme.atlassian.net; http only for this machine (127.0.0.1, localhost)',
    })
    .describe('The address of the API: https://acme.atlassian.net, https://api.github.com, https://acme.service-now.com.'),
  project: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,99}(\/[\w.-]{1,100})?$/, {
      error:
        'is not a valid project: the key of a Jira project (`SEC`), a GitHub repository (`acme/security`) or a ServiceNow table (`incident`)',
    })
    .describe('The key of the Jira project, the GitHub repository (`owner/name`), or the ServiceNow table (`incident`, `sn_si_incident`).'),
  type: text.default('Task').describe('The issue type in Jira. Other trackers have none.'),
  secret: secretName.describe(
    'The secret in Secrets Manager with the credentials, by name or ARN. It is read when a ticket is written, and nowhere copied.',
  ),
  securityLevel: text
    .optional()
    .describe(
      'Jira: the name of the security level of tickets about responses to threats and about exposed resources, which only its members see.',
    ),
  fields: values.describe('Further fields of a new ticket, as the API of the tracker names them.'),
  closeFields: values.describe('Further fields when a ticket is closed, such as `resolution` in Jira or `close_code` in ServiceNow.'),
  states: z
    .strictObject({ open: text.describe('The state of a reopened ticket.'), closed: text.describe('The state of a closed ticket.') })
    .optional()
    .describe('ServiceNow: the values of the field `state`. The default depends on the table.'),
  searchLag: z
    .int()
    .min(0)
    .max(900)
    .default(60)
    .describe('Seconds after which a search of the tracker finds a new ticket. So long, nothing is created again after an unknown answer.'),
});

/** The section `tickets` of the policy. */
export const tickets = z.strictObject({
  tracker: tracker.describe('The tracker. A change of it takes effect with `npx cdk deploy --all`.'),
  scope: z.strictObject(scope).prefault({}).describe('The misconfigurations that get tickets. Default: all.'),
  open: outcomes('The outcomes that open a ticket, or reopen it.', [
    'awaiting-approval',
    'partly-fixed',
    'unverified',
    'incomplete',
    'disputed',
    'unfixable',
    'failed',
    'drift-loop',
    'rolled-back',
    'rollback-failed',
  ]),
  comment: outcomes('The outcomes that an existing ticket gets as a comment.', [
    'fixed',
    'already-compliant',
    'verifying',
    'unconfirmed',
    'approved',
    'rejected',
    'deferred',
    'exempt',
    'suppressed',
    'released',
    'blocked',
    'rollback-refused',
  ]),
  close: outcomes('The outcomes that close a ticket. Without `fixed` among them, a ticket is closed after the detector agrees.', [
    'confirmed',
    'resource-not-found',
  ]),
  owners: z
    .strictObject({
      tags: z.record(text, text).default({}).describe('Values of the owner tag (`notifications.ownerTag`), and the assignee of each.'),
      accounts: z
        .record(z.string().regex(/^\d{12}$/, 'is not a valid account id: twelve digits, in quotes'), text)
        .default({})
        .describe('Account ids, and the assignee of each, if the tag names none.'),
      default: text.optional().describe('The assignee of all others.'),
    })
    .prefault({})
    .describe(
      'Who gets a ticket: the account id in Jira Cloud, the user name in Jira Data Center and GitHub, the assignment group in ServiceNow.',
    ),
  changes: z
    .enum(['calls', 'parameters'])
    .default('calls')
    .describe(
      'What a ticket shows of the changes. `calls`: the names of the API calls. `parameters`: also their parameters and those of their rollback, which describe the resource.',
    ),
  responses: z
    .enum(['none', 'confidential'])
    .default('none')
    .describe(
      'Tickets about responses to threats. `none`: there are none. `confidential`: with the security level in Jira, as security incidents in ServiceNow, in a private repository of GitHub; they never contain parameters of changes.',
    ),
  exposures: z
    .enum(['none', 'confidential'])
    .default('confidential')
    .describe('Tickets about resources that anybody may reach, such as a public bucket: as for `responses`. `none`: there are none.'),
  perHour: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('The maximum number of new tickets in an hour. Further misconfigurations share one ticket with a list.'),
  firstDay: z
    .int()
    .min(0)
    .max(10_000)
    .default(50)
    .describe('The maximum number of new tickets in the first 24 hours. Further misconfigurations share one ticket with a list.'),
  answers: answers
    .optional()
    .describe('Who can approve and reject in a ticket or in Slack. Without it, no answer is received, and no endpoint is deployed.'),
  slack: slack.optional().describe('A Slack channel that gets each plan that awaits approval, with buttons if `answers` are received.'),
  pagerDuty: pagerDuty.optional().describe('A PagerDuty service that gets an incident for each misconfiguration with a ticket.'),
});

export type Tickets = z.infer<typeof tickets>;
export type TrackerSettings = Tickets['tracker'];

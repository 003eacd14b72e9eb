import * as z from 'zod';
import { severities } from '../severities';

const call = z.strictObject({ service: z.string(), operation: z.string(), input: z.json() });

const change = z.strictObject({
  do: call,
  undo: z.union([call, z.literal('revert-own-part')]).optional(),
  nearest: z.string().optional(),
  irreversible: z.string().optional(),
  evidence: z.string().optional(),
  note: z.string().optional(),
});

const times = z.strictObject({
  occurred: z.string().optional(),
  detected: z.string().optional(),
  received: z.string().optional(),
  decided: z.string().optional(),
  applied: z.string().optional(),
  verified: z.string().optional(),
});

/** A row of a list. Texts are as the log has them: whoever wrote a record chose them. */
export const listedEvent = z.strictObject({
  time: z.string().describe('When the event was written, ISO 8601 in UTC'),
  remediation: z.string(),
  sequence: z.number().describe('The number of the event within its trail'),
  kind: z.string(),
  outcome: z.string().optional(),
  code: z.string().optional(),
  rule: z.string(),
  severity: z.enum(severities).optional().describe('The severity of the rule in this version; none for a rule that it does not have'),
  detectedBy: z.string().describe('The control, the AWS Config rule or the finding type'),
  standards: z
    .array(z.string())
    .describe(
      'The requirements of standards that the control belongs to, such as CIS3.0:2.1.1; the standard alone where it has no numbers',
    ),
  account: z.string(),
  region: z.string(),
  resource: z.string(),
  resourceType: z.string(),
  changes: z
    .array(change)
    .describe('The changes of the event, or else the last ones planned before it in its trail: what would be, was, or was to be done'),
  times: times.describe('The times that the event and the two before it state'),
  occurrence: z
    .strictObject({ as: z.enum(['activity', 'change', 'stated']), call: z.string().optional() })
    .optional()
    .describe('Who says when the misconfiguration came about: GuardDuty, CloudTrail by a call, or the tool that requested the remediation'),
  deadline: z
    .strictObject({ at: z.string(), action: z.enum(['escalate', 'fix']) })
    .optional()
    .describe('Until when the policy wants the misconfiguration to be ended, and what happens then'),
  owner: z.string().optional().describe('The owner of the resource in these events: by its owner tag, or else by its account'),
  actor: z.string(),
  source: z.string(),
  finding: z.string(),
  reason: z.string(),
  by: z.enum(['rule', 'control', 'requests', 'tickets', 'local']).describe('The writer, by the key of the trail'),
  trail: z.string().describe('The key of the trail'),
  forged: z.string().optional().describe('Why the record is forged; then the fields that its key does not state are empty'),
});

export type ListedEvent = z.infer<typeof listedEvent>;

/** The version of the list. New fields may be added; a new version is for what would break its readers. */
export const listVersion = '1';

export const listedEvents = z.strictObject({
  version: z.literal(listVersion),
  entries: z.array(listedEvent),
  next: z.string().optional().describe('The cursor of the next page'),
  searchedTo: z
    .string()
    .optional()
    .describe('Set if few events match: the page has all up to this time, and further ones were not searched'),
});

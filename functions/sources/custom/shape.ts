import * as z from 'zod';
import { evidenceName, maxEvidence, maxEvidenceText, maxReference, reference as referenceForm } from '../../findings/requester';
import { accountId, freeText, region, time } from '../shape';

const only = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.strictObject(fields, { error: `an object with only ${Object.keys(fields).join(', ')}` });

const ruleId = 'the id of a rule, such as s3-bucket-tls-required';
const reference = `a text of 1 to ${maxReference} printable ASCII characters`;
const evidence = `an object with at most ${maxEvidence} texts of 1 to ${maxEvidenceText} characters, by names of letters, digits, dots, hyphens and underscores`;

/** The detail of a request, version 1. Unknown fields are refused: they could mean something that is not done. */
export const requestShape = only({
  version: z.literal('1', { error: '"1"' }),
  rule: z
    .string({ error: ruleId })
    .max(100, { error: ruleId })
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)+$/, { error: ruleId })
    .describe('The id of the rule to run on the resource. `posture rules` lists them.'),
  resource: only({
    arn: freeText(1600).describe('The ARN of the resource, in the form that the catalogue has for the rule.'),
    account: accountId.describe('The account of the resource.'),
    region: region.describe('The Region of the resource; for a global resource, the Region of the central account.'),
  }),
  reference: z
    .string({ error: reference })
    .max(maxReference, { error: reference })
    .regex(referenceForm, { error: reference })
    .describe('The id of the ticket or alert in the tool that requests it. It is in the log and in all outcome events of the remediation.'),
  detectedAt: time.describe('When the tool detected the misconfiguration, in ISO 8601.').meta({ format: 'date-time' }),
  occurredAt: time
    .optional()
    .describe('When the misconfiguration came about, in ISO 8601, if the tool knows it. Reports tell it apart from what AWS says.')
    .meta({ format: 'date-time' }),
  evidence: z
    .record(z.string().regex(evidenceName), freeText(maxEvidenceText), { error: evidence })
    .refine((all) => Object.keys(all).length <= maxEvidence, { error: evidence })
    .optional()
    .meta({ maxProperties: maxEvidence })
    .describe('What the tool knows, for approvers and auditors. Do not send secrets: it is logged as it is.'),
});

export type RemediationRequest = z.infer<typeof requestShape>;

import * as z from 'zod';
import type { Attempt } from './attempt';
import { sources } from './finding';
import { maxParameterLength, maxParameters, maxReasons, parameterName, reasonCode } from './parameters';
import { evidenceName, maxEvidence, maxEvidenceText, maxReference, maxRequesterName, reference, requesterName } from './requester';

const said = 'a text of 1 to 2048 characters';
const text = z.string({ error: said }).min(1, { error: said }).max(2048, { error: said });
const matching = (error: string, shape: RegExp) => z.string({ error }).regex(shape, { error });
const instant = 'a time in ISO 8601, such as 2026-03-01T09:30:00Z';
const time = z.iso.datetime({ offset: true, error: instant });
const only = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.strictObject(fields, { error: `an object with only ${Object.keys(fields).join(', ')}` });
const count = 'an integer from 0 to 1000';

const few = `at most ${maxParameters} texts of up to ${maxParameterLength} characters`;
const parameters = z
  .record(z.string().regex(parameterName), z.string().max(maxParameterLength), { error: few })
  .refine((all) => Object.keys(all).length <= maxParameters, { error: few });

const codes = 'a list of codes';

const items = `at most ${maxEvidence} texts of up to ${maxEvidenceText} characters`;
const evidence = z
  .record(z.string().regex(evidenceName), z.string().max(maxEvidenceText), { error: items })
  .refine((all) => Object.keys(all).length <= maxEvidence, { error: items });

/** A finding as data, in the message that handles it again or hands it on. What the message says is checked by its reader. */
export const retryMessageShape = only({
  finding: only({
    id: text,
    source: z.enum(sources, { error: `one of ${sources.join(', ')}` }),
    detectedBy: text,
    partition: text,
    account: matching('a 12-digit account id', /^\d{12}$/),
    region: text,
    resource: only({
      type: text,
      reported: z.union([only({ arn: text }), only({ configId: text })], { error: 'an object with an ARN or an id of AWS Config' }),
    }),
    detectedAt: time,
    sentAt: time,
    occurrence: z
      .union([only({ as: z.enum(['activity', 'stated']), at: time }), only({ as: z.literal('change'), at: time, call: text })], {
        error: 'an object with `as` and `at`',
      })
      .optional(),
    securityHub: only({ id: text, productArn: text }).optional(),
    securityHubV2: only({ uid: text }).optional(),
    configRule: text.optional(),
    reasons: z.array(z.string().regex(reasonCode), { error: codes }).max(maxReasons, { error: codes }).readonly().optional(),
    parameters: parameters.optional(),
    parametersBy: z.literal('anybody', { error: 'anybody, or absent' }).optional(),
    action: text.optional(),
    requester: matching('the name of a requester', requesterName).max(maxRequesterName, { error: 'the name of a requester' }).optional(),
    reference: matching('a reference', reference).max(maxReference, { error: 'a reference' }).optional(),
    evidence: evidence.optional(),
  }),
  number: z.int({ error: count }).min(0, { error: count }).max(1000, { error: count }),
  /** The remediation to continue. An approval of its plan is read from the tables, never from the message. */
  remediation: matching('a remediation id of 26 letters and digits', /^[0-9A-Z]{26}$/).optional(),
  deferred: z.literal(true, { error: 'true, or absent' }).optional(),
  /** It comes back at its deadline, or a day before it. Whether that has passed is read from the log. */
  deadline: z.literal(true, { error: 'true, or absent' }).optional(),
  /** The key of the lease on the resource whose open remediation it continues. */
  open: text.optional(),
  /** It asks the detector whether it agrees with the remediation. */
  look: z.union([z.literal(1), z.literal(2)], { error: '1 or 2, or absent' }).optional(),
  /** It asks for the note with the ticket of the remediation, which is read from the tickets table. */
  ticket: z.literal(true, { error: 'true, or absent' }).optional(),
  requestedBy: text.optional(),
});

export type RetryMessage = z.infer<typeof retryMessageShape>;

export function retryMessage({ finding, number, remediation, deferred, deadline, open, look, ticket, requestedBy }: Attempt): RetryMessage {
  const { resource, parametersUnread: _, ...rest } = finding;
  return {
    finding: { ...rest, resource: { type: resource.kind.type, reported: resource.reported } },
    number,
    ...(remediation !== undefined && { remediation }),
    ...(deferred && { deferred }),
    ...(deadline && { deadline }),
    ...(open !== undefined && { open }),
    ...(look !== undefined && { look }),
    ...(ticket && { ticket }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
}

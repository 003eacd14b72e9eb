import * as z from 'zod';
import { type Rule, toArray } from '../../rules/rule';
import type { Attempt } from './attempt';

const text = z.string().min(1).max(2048);

/** A finding as data, in the message that retries it. */
export const retryMessageShape = z.strictObject({
  finding: z.strictObject({
    id: text,
    source: z.enum(['security-hub', 'security-hub-custom-action', 'config', 'control']),
    detectedBy: text,
    partition: text,
    account: z.string().regex(/^\d{12}$/),
    region: text,
    resource: z.strictObject({ type: text, reported: z.union([z.strictObject({ arn: text }), z.strictObject({ configId: text })]) }),
    detectedAt: z.iso.datetime({ offset: true }),
    sentAt: z.iso.datetime({ offset: true }),
    securityHub: z.strictObject({ id: text, productArn: text }).optional(),
    configRule: text.optional(),
    action: text.optional(),
  }),
  number: z.int().min(0).max(1000),
  /** The remediation to continue, whose plan was approved. The approval itself is read from the coordination table. */
  remediation: z
    .string()
    .regex(/^[0-9A-Z]{26}$/)
    .optional(),
  requestedBy: text.optional(),
});

export type RetryMessage = z.infer<typeof retryMessageShape>;

export function retryMessage({ finding, number, remediation, requestedBy }: Attempt): RetryMessage {
  const { resource, ...rest } = finding;
  return {
    finding: { ...rest, resource: { type: resource.kind.type, reported: resource.reported } },
    number,
    ...(remediation !== undefined && { remediation }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
}

/** The finding of a retry message; undefined for any other event. */
export function readRetryMessage(rule: Pick<Rule, 'resource' | 'detectedBy'>, event: unknown): Attempt | undefined {
  const parsed = retryMessageShape.safeParse(event);
  if (!parsed.success) return undefined;
  const { finding, number, remediation, requestedBy } = parsed.data;
  const kind = toArray(rule.resource).find(({ type }) => type === finding.resource.type);
  if (!kind || ![...rule.detectedBy.securityHub, ...rule.detectedBy.config].includes(finding.detectedBy)) return undefined;
  return {
    finding: { ...finding, resource: { kind, reported: finding.resource.reported } } as Attempt['finding'],
    number,
    returned: true,
    ...(remediation !== undefined && { remediation }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
}

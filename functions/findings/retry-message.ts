import * as z from 'zod';
import { listed, type Rule } from '../../rules/rule';
import type { Again } from './attempt';

const text = z.string().min(1).max(2048);

/** A finding as data, in the message with which it comes again. */
export const againMessageShape = z.strictObject({
  again: z.strictObject({
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
  attempt: z.int().min(0).max(1000),
  /** The remediation whose plan was approved: it goes on. The approval itself is on record, and is read from there. */
  remediation: z
    .string()
    .regex(/^[0-9A-Z]{26}$/)
    .optional(),
  requestedBy: text.optional(),
});

export type AgainMessage = z.infer<typeof againMessageShape>;

export function againMessage({ finding, attempt, remediation, requestedBy }: Again): AgainMessage {
  const { resource, ...rest } = finding;
  return {
    again: { ...rest, resource: { type: resource.kind.type, reported: resource.reported } },
    attempt,
    ...(remediation !== undefined && { remediation }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
}

/** The finding of a message of our own, or undefined for anything else. */
export function readAgain(rule: Pick<Rule, 'resource' | 'detectedBy'>, event: unknown): Again | undefined {
  const parsed = againMessageShape.safeParse(event);
  if (!parsed.success) return undefined;
  const { again, attempt, remediation, requestedBy } = parsed.data;
  const kind = listed(rule.resource).find(({ type }) => type === again.resource.type);
  if (!kind || ![...rule.detectedBy.securityHub, ...rule.detectedBy.config].includes(again.detectedBy)) return undefined;
  return {
    finding: { ...again, resource: { kind, reported: again.resource.reported } } as Again['finding'],
    attempt,
    returned: true,
    ...(remediation !== undefined && { remediation }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
}

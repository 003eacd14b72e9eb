import * as z from 'zod';
import { listed, type Rule } from '../../rules/rule';
import type { Again } from '../remediate/tools';

const text = z.string().min(1).max(2048);

/** A finding as data, in the message with which it comes again. */
const message = z.strictObject({
  again: z.strictObject({
    id: text,
    source: z.enum(['security-hub', 'security-hub-custom-action', 'config']),
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
  attempt: z.int().min(1).max(1000),
});

export type AgainMessage = z.infer<typeof message>;

export function againMessage({ finding, attempt }: Again): AgainMessage {
  const { resource, ...rest } = finding;
  return { again: { ...rest, resource: { type: resource.kind.type, reported: resource.reported } }, attempt };
}

/** The finding of a message of our own, or undefined for anything else. */
export function readAgain(rule: Pick<Rule, 'resource'>, event: unknown): Again | undefined {
  const parsed = message.safeParse(event);
  if (!parsed.success) return undefined;
  const { again, attempt } = parsed.data;
  const kind = listed(rule.resource).find(({ type }) => type === again.resource.type);
  if (!kind) return undefined;
  return { finding: { ...again, resource: { kind, reported: again.resource.reported } } as Again['finding'], attempt };
}

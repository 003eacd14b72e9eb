import { createHash } from 'node:crypto';
import * as z from 'zod';

const id = z.string().regex(/^(?!\.+$)[\w.-]{1,64}$/);

/**
 * What the endpoint hands on of a signed request: which comment, or which button, and no word of it but their hash. Who wrote and what is read
 * back from the vendor.
 */
export const answerMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('comment'),
    vendor: z.enum(['jira-cloud', 'jira-data-center', 'github', 'servicenow']),
    /** The site that the request speaks of: the host in Jira and ServiceNow, the repository in GitHub. */
    site: z.string().max(300),
    ticket: id,
    comment: id,
    /** The SHA-256 of the words as they were written, where the vendor's times are too coarse to show each edit. */
    words: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('button'),
    workspace: id,
    channel: id,
    /** The time of the message, by which Slack names it. */
    message: id,
    user: id,
    order: z.enum(['approve', 'reject']),
    mark: z.string().regex(/^posture-[0-9a-f]{16}$/),
    plan: z.string().regex(/^[0-9a-f]{16,64}$/),
    /** The time of the click, in seconds since 1970. */
    at: z.string().regex(/^\d{1,12}(\.\d{1,6})?$/),
  }),
]);

export type AnswerMessage = z.infer<typeof answerMessage>;
export type CommentMessage = Extract<AnswerMessage, { readonly kind: 'comment' }>;
export type ButtonMessage = Extract<AnswerMessage, { readonly kind: 'button' }>;

/** Names the words of a comment. */
export const hashOfWords = (text: string): string => createHash('sha256').update(text).digest('hex');

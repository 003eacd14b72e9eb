import * as z from 'zod';

// Source: developer.atlassian.com/cloud/jira/platform/apis/document/structure, and its pages on nodes and marks. A text node is never empty.

const marks = z.array(z.strictObject({ type: z.enum(['strong', 'em', 'code']) })).optional();
const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1), marks });
const hardBreak = z.strictObject({ type: z.literal('hardBreak') });
const inline = z.discriminatedUnion('type', [text, hardBreak]);
const paragraph = z.strictObject({ type: z.literal('paragraph'), content: z.array(inline).optional() });
const heading = z.strictObject({
  type: z.literal('heading'),
  attrs: z.strictObject({ level: z.int().min(1).max(6) }),
  content: z.array(inline).optional(),
});
const codeBlock = z.strictObject({
  type: z.literal('codeBlock'),
  attrs: z.strictObject({ language: z.string().optional() }).optional(),
  content: z.array(z.strictObject({ type: z.literal('text'), text: z.string().min(1) })).optional(),
});
const listItem = z.strictObject({ type: z.literal('listItem'), content: z.array(paragraph).min(1) });
const bulletList = z.strictObject({ type: z.literal('bulletList'), content: z.array(listItem).min(1) });

/** A document in the Atlassian Document Format, of the nodes that we use. */
export const adf = z.strictObject({
  type: z.literal('doc'),
  version: z.literal(1),
  content: z.array(z.discriminatedUnion('type', [paragraph, heading, codeBlock, bulletList])),
});

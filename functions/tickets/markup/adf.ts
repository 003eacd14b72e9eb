import type { Json } from '../../../rules/rule';
import type { Block, Document } from '../document';
import { fitted } from '../fitted';
import { line, lines } from './neutral-lines';

type Node = { readonly type: string } & Readonly<Record<string, Json>>;

/**
 * A document of Jira Cloud. Text is data in it, never markup: nothing can become a mention, a link or a macro. A text node is never empty.
 * Source: developer.atlassian.com/cloud/jira/platform/apis/document/structure.
 */
export const adf = (document: Document, mark: string): Node =>
  fitted(document, { max, render: adfOf(mark), sizeOf: (node) => JSON.stringify(node).length });

/** Jira's own limit, of the document as JSON to be safe. */
const max = 32_767;

const adfOf =
  (mark: string) =>
  (document: Document): Node => ({
    type: 'doc',
    version: 1,
    content: [...document.flatMap(nodes), paragraph(text('Reference: '), code(mark))],
  });

function nodes(block: Block): readonly Node[] {
  if ('heading' in block) return [{ type: 'heading', attrs: { level: 3 }, content: text(line(block.heading)) }];
  if ('text' in block) return [paragraph(text(line(block.text)))];
  if ('facts' in block) return list(block.facts.map(({ label, given }) => [strong(`${line(label)}: `), code(line(given))]));
  if ('steps' in block)
    return list(
      block.steps.map((step) => [text(line(step.text)), ...(step.command === undefined ? [] : [text(' '), code(line(step.command))])]),
    );
  if ('list' in block) return list(block.list.map((item) => [text(line(item))]));
  return [{ type: 'codeBlock', content: text(lines(block.code).join('\n')) }];
}

const list = (items: readonly (readonly (readonly Node[])[])[]): readonly Node[] =>
  items.length === 0 ? [] : [{ type: 'bulletList', content: items.map((item) => ({ type: 'listItem', content: [paragraph(...item)] })) }];

const paragraph = (...content: readonly (readonly Node[])[]): Node => ({ type: 'paragraph', content: content.flat() });

const text = (given: string, ...marks: readonly string[]): readonly Node[] =>
  given === '' ? [] : [{ type: 'text', text: given, ...(marks.length > 0 && { marks: marks.map((type) => ({ type })) }) }];

const strong = (given: string): readonly Node[] => text(given, 'strong');
const code = (given: string): readonly Node[] => text(given, 'code');

/** Deeper than any document that a person writes. */
const maxDepth = 200;

/** All text of a document that Jira gave back. What is quoted begins with `>`, as in Markdown: whoever quotes a command gives none. */
export function textOfAdf(node: unknown, depth = 0): string {
  if (typeof node === 'string') return node;
  if (typeof node !== 'object' || node === null || depth > maxDepth) return '';
  if (Array.isArray(node)) return node.map((one) => textOfAdf(one, depth + 1)).join(' ');
  const { type, text: own, content } = node as { readonly type?: unknown; readonly text?: unknown; readonly content?: unknown };
  return [type === 'blockquote' ? '>' : '', typeof own === 'string' ? own : '', textOfAdf(content, depth + 1)].filter(Boolean).join(' ');
}

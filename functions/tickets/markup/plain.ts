import type { Block, Document } from '../document';
import { fitted } from '../fitted';
import { line, lines } from './neutral-lines';

/** Plain text for ServiceNow, whose journals render HTML between `[code]` and `[/code]`. */
export const plain = (document: Document, mark: string): string =>
  fitted(document, { max, render: plainOf(mark), sizeOf: ({ length }) => length });

/** ServiceNow accepts far more; nobody reads it. */
const max = 32_000;

const plainOf =
  (mark: string) =>
  (document: Document): string =>
    [...document.map(block), `Reference: ${mark}`].filter((part) => part !== '').join('\n\n');

function block(one: Block): string {
  if ('heading' in one) return `${text(one.heading)}\n${'-'.repeat(Math.min(one.heading.length, 60))}`;
  if ('text' in one) return text(one.text);
  if ('facts' in one) return one.facts.map(({ label, given }) => `${text(label)}: ${text(given)}`).join('\n');
  if ('steps' in one)
    return one.steps
      .map((step) => [text(step.text), ...(step.command === undefined ? [] : [`    ${text(step.command)}`])].join('\n'))
      .join('\n');
  if ('list' in one) return one.list.map((item) => `- ${text(item)}`).join('\n');
  return lines(one.code)
    .map((each) => inert(each.replaceAll('://', ': //')))
    .join('\n');
}

/** One line of it. */
export const plainLine = (given: string): string => inert(line(given));

const text = plainLine;
const inert = (given: string): string => given.replace(/\[(?=\s*\/?\s*code)/gi, '［');

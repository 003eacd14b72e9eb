import { type Block, type Document, shortened } from '../document';
import { line, lines } from './neutral-lines';

/** Plain text for ServiceNow, whose journals render HTML between `[code]` and `[/code]`. */
export const plain = (document: Document, mark: string): string =>
  [...shortened(document).map(block), `Reference: ${mark}`].filter((part) => part !== '').join('\n\n');

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
    .map((each) => inert(each))
    .join('\n');
}

const text = (given: string): string => inert(line(given));
const inert = (given: string): string => given.replace(/\[(?=\s*\/?\s*code)/gi, '［');

import type { Block, Document } from '../document';
import { fitted } from '../fitted';
import { line, lines } from './neutral-lines';

/** The text formatting notation of Jira Data Center. Each character with a meaning is escaped: macros, links, mentions, images, tables. */
export const wiki = (document: Document, mark: string): string =>
  fitted(document, { max, render: wikiOf(mark), sizeOf: ({ length }) => length });

/** Jira's own limit. */
const max = 32_767;

const wikiOf =
  (mark: string) =>
  (document: Document): string =>
    [...document.map(block), `Reference: {{${mark}}}`].filter((part) => part !== '').join('\n\n');

function block(one: Block): string {
  if ('heading' in one) return `h3. ${text(one.heading)}`;
  if ('text' in one) return text(one.text);
  if ('facts' in one) return one.facts.map(({ label, given }) => `* *${text(label)}:* ${text(given)}`).join('\n');
  if ('steps' in one)
    return one.steps.map((step) => `* ${text(step.text)}${step.command === undefined ? '' : ` ${text(step.command)}`}`).join('\n');
  if ('list' in one) return one.list.map((item) => `* ${text(item)}`).join('\n');
  return `{noformat}\n${lines(one.code)
    .map((each) => each.replaceAll('{', '{ '))
    .join('\n')}\n{noformat}`;
}

const text = (given: string): string => line(given).replace(/[\\{}[\]*_+^~|!?#@<>&-]/g, (character) => `\\${character}`);

import type { Block, Document } from '../document';
import { fitted } from '../fitted';
import { line, lines } from './neutral-lines';

/**
 * The Markdown of GitHub. What a finding or a resource says is in code, where nothing is a mention, a reference, a link or HTML; a character
 * with a meaning elsewhere is escaped or replaced by a lookalike, because GitHub finds mentions also in escaped text.
 */
export const markdown = (document: Document, mark: string): string =>
  fitted(document, { max, render: markdownOf(mark), sizeOf: ({ length }) => length });

/** GitHub's own limit. */
const max = 65_536;

const markdownOf =
  (mark: string) =>
  (document: Document): string =>
    [...document.map(block), `<!-- ${mark} -->`].filter((part) => part !== '').join('\n\n');

function block(one: Block): string {
  if ('heading' in one) return `### ${text(one.heading)}`;
  if ('text' in one) return text(one.text);
  if ('facts' in one) return one.facts.map(({ label, given }) => `- **${text(label)}:** ${code(given)}`).join('\n');
  if ('steps' in one)
    return one.steps.map((step) => `- ${text(step.text)}${step.command === undefined ? '' : ` ${code(step.command)}`}`).join('\n');
  if ('list' in one) return one.list.map((item) => `- ${code(item)}`).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(one.code) + 1));
  return `${fence}\n${lines(one.code).join('\n')}\n${fence}`;
}

/** A code span whose delimiter is longer than any run of backticks in it. */
function code(given: string): string {
  const inner = line(given);
  const fence = '`'.repeat(longestRun(inner) + 1);
  return inner === '' ? '' : `${fence} ${inner} ${fence}`;
}

const longestRun = (given: string): number => Math.max(0, ...[...given.matchAll(/`+/g)].map(([run]) => run.length));

const text = (given: string): string =>
  line(given)
    .replaceAll('@', '＠')
    .replaceAll('#', '＃')
    // `GH-12` is a reference, too.
    .replace(/\bGH-(?=\d)/gi, (word) => word.replace('-', '‑'))
    .replace(/[\\`*_{}[\]()<>~|!&]/g, (character) => `\\${character}`);

import { wrap } from './text-table';

/** What is typed, which stays on its line so that it can be copied. */
const typed = /^ *(posture|aws|npx|npm) /;

/** The text of a help page in lines of at most this width: the prose flows anew where a line is longer. */
export function flowingText(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  return blocksOf(text.split('\n'))
    .flatMap((block) => (block.some((line) => line.length > width && !typed.test(line)) ? flowed(block, width) : block))
    .join('\n');
}

/** Lines that belong together: a paragraph, or an indented item with its continuation, which is indented further. */
function blocksOf(lines: readonly string[]): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    const [first = ''] = last ?? [];
    if (last && first !== '' && line !== '' && !typed.test(line) && !typed.test(first) && continues(first, line)) last.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

const continues = (first: string, line: string): boolean =>
  indentOf(first) === 0 ? indentOf(line) === 0 && !first.endsWith(':') : indentOf(line) > indentOf(first);

function flowed(block: readonly string[], width: number): readonly string[] {
  const [first = ''] = block;
  // The text of an item begins after its name and two spaces.
  const name = indentOf(first) === 0 ? '' : (/^ *\S+ {2,}/.exec(first)?.[0] ?? first.slice(0, indentOf(first)));
  const words = [first.slice(name.length), ...block.slice(1)].map((line) => line.trim()).join(' ');
  return wrap(words, width - name.length).map((line, index) => (index === 0 ? name : ' '.repeat(name.length)) + line);
}

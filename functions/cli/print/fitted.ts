import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/** A label with more room than this on its right is not one that text is aligned to. */
const maxLabel = 24;

/** The columns of a terminal; without end in a file or a pipe. Some terminals report 0 columns. */
export const widthOf = ({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number =>
  (isTTY && columns) || Number.POSITIVE_INFINITY;

/**
 * The text in lines that fit, broken between words, each continued below its text. Ids, ARNs and commands stay whole, so that they can be
 * copied. `paragraphs` says that the lines of the text were broken for a wider page, and are filled anew.
 */
export function fitted(text: string, width: number, { paragraphs = false } = {}): string {
  const lines = text.split('\n');
  const broken: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    let line = lines[index] ?? '';
    if (fits(line, width) || isCommand(line)) broken.push(line);
    else {
      const indent = indentOf(line, width);
      for (let above = line; paragraphs && !fits(above, width) && continues(lines[index + 1], indent); index++) {
        above = lines[index + 1] ?? '';
        line += ` ${above.trimStart()}`;
      }
      broken.push(...brokenLine(line, width, ' '.repeat(indent)));
    }
  }
  return broken.join('\n');
}

const fits = (line: string, width: number): boolean => line.length <= width || stringWidth(line) <= width;

const isCommand = (line: string): boolean => /^ +(posture|aws) /.test(stripVTControlCharacters(line));

/** Where the text of a line begins: after its indentation and its label, if two spaces or more follow it. */
function indentOf(line: string, width: number): number {
  const [label = ''] = /^ *(\S+( \S+)* {2,})?/.exec(stripVTControlCharacters(line)) ?? [];
  const columns = stringWidth(label);
  return columns <= Math.min(maxLabel, width / 2) ? columns : label.length - label.trimStart().length;
}

const continues = (line: string | undefined, indent: number): boolean =>
  line !== undefined && line.trim() !== '' && line.length - line.trimStart().length === indent;

function brokenLine(line: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<= )(?=[^ ])/)) {
    const isTooWide = stringWidth((current + word).trimEnd()) > width;
    // A word that fits nowhere stays where it is.
    if (isTooWide && current.trim() !== '' && stringWidth(word.trimEnd()) <= width - indent.length) {
      lines.push(current.trimEnd());
      current = indent;
    }
    current += word;
  }
  return [...lines, current.trimEnd()];
}

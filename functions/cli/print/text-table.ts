import Table from 'cli-table3';
import stringWidth from 'string-width';
import { colours, printable, terminalWidth } from './printed';

const gap = 2;
/** With less room than this, the last column is printed below its row. */
const roomForLast = 30;
const indent = '    ';

/**
 * Columns of text. Only the last one is wrapped to the width of the terminal: ids and ARNs stay whole, so that they can be copied. If the
 * other columns are wider than the terminal, each cell gets its own line. Cells are sanitized, then colored by `paint`.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number) => string = (cell) => cell,
  width: number = terminalWidth(),
): string {
  const last = head.length - 1;
  const cells = rows.map((row) => row.map(printable));
  const natural = head.map((name, column) => Math.max(stringWidth(name), ...cells.map((row) => stringWidth(row[column] ?? ''))));
  const others = natural.slice(0, last).reduce((sum, one) => sum + one + gap, 0);
  const room = width - others;
  if ((natural[last] ?? 0) <= room || room >= roomForLast) {
    const wrapped = (row: readonly string[]) => [...row.slice(0, last).map(paint), painted(wrap(row[last] ?? '', room), last).join('\n')];
    return aligned(head, cells.map(wrapped)).join('\n');
  }
  if (others - gap > width && cells.length > 0) return cells.map((row) => record(row).join('\n')).join('\n\n');
  const below = cells.map((row) => painted(wrap(row[last] ?? '', width - indent.length), last).map((line) => indent + line));
  const [title = '', ...lines] = aligned(
    head.slice(0, last),
    cells.map((row) => row.slice(0, last).map(paint)),
  );
  return [title, ...lines.flatMap((line, index) => [line, ...(below[index] ?? [])])].join('\n');

  function painted(lines: readonly string[], column: number): readonly string[] {
    return lines.map((line) => paint(line, column));
  }

  /** The cells of a row, one per line, each after its column name. */
  function record(row: readonly string[]): readonly string[] {
    const names = Math.max(...head.map((name) => stringWidth(name))) + gap;
    return head.flatMap((name, column) => {
      const cell = row[column] ?? '';
      const lines = cell.includes(' ') ? wrap(cell, width - names) : [cell];
      const label = colours().bold(name) + ' '.repeat(names - stringWidth(name));
      return painted(lines, column).map((line, index) => ((index === 0 ? label : ' '.repeat(names)) + line).trimEnd());
    });
  }
}

function aligned(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const table = new Table({
    head: head.map((name) => colours().bold(name)),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    chars: noLines,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

const noLines = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ]
    .flat()
    .map((name) => [name, '']),
);

/**
 * The text in lines of at most `width` columns, broken between words, and within a word only if it is longer than a line. cli-table3 would
 * truncate such a word, and so all text of languages without spaces.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '' && stringWidth(rest) > width) {
    const max = lengthWithin(rest, width);
    const space = rest.lastIndexOf(' ', max);
    const end = space > 0 ? space : max;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' && lines.length > 0 ? lines : [...lines, rest];
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The length in UTF-16 code units of the text that fits in `width` columns: whole grapheme clusters, and at least one. */
function lengthWithin(text: string, width: number): number {
  let columns = 0;
  for (const { segment, index } of characters.segment(text)) {
    columns += stringWidth(segment);
    if (columns > width && index > 0) return index;
  }
  return text.length;
}

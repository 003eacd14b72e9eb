import Table from 'cli-table3';
import { colours, printable } from './printed';

const gap = 2;
/** With less room than this, the last column stands below its row. */
const roomForLast = 30;
const indent = '    ';

/**
 * Columns of text. Only the last one is wrapped, by words, to fit the terminal: ids and ARNs stay whole, to be copied. Each cell is cleaned,
 * and coloured by `paint` afterwards.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number) => string = (cell) => cell,
  width: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined,
): string {
  const last = head.length - 1;
  const cells = rows.map((row) => row.map(printable));
  const natural = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const room = width === undefined ? Number.POSITIVE_INFINITY : width - natural.slice(0, last).reduce((sum, one) => sum + one + gap, 0);
  if ((natural[last] ?? 0) <= room || room >= roomForLast) {
    const wrapped = (row: readonly string[]) => [...row.slice(0, last).map(paint), painted(wrap(row[last] ?? '', room)).join('\n')];
    return aligned(head, cells.map(wrapped)).join('\n');
  }
  const below = cells.map((row) => painted(wrap(row[last] ?? '', (width ?? 0) - indent.length)).map((line) => indent + line));
  const [title = '', ...lines] = aligned(
    head.slice(0, last),
    cells.map((row) => row.slice(0, last).map(paint)),
  );
  return [title, ...lines.flatMap((line, index) => [line, ...(below[index] ?? [])])].join('\n');

  function painted(lines: readonly string[]): readonly string[] {
    return lines.map((line) => paint(line, last));
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

/** The text in lines of at most so many characters, broken between words, and in a word only where it is longer than a line. */
export function wrap(text: string, width: number): readonly string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? lines : [...lines, rest];
}

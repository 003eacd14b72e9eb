import Table from 'cli-table3';
import { colours, printable } from './printed';

const gap = 2;
const narrowest = 14;

/** Columns of text, no wider than the terminal; each cell is cleaned, and coloured by `paint` afterwards. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number) => string = (cell) => cell,
  width: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined,
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = fitted(
    head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)) + gap),
    width,
  );
  const table = new Table({
    head: [...head.map((name) => colours().bold(name))],
    ...(width !== undefined && { colWidths: [...widths], wordWrap: true, wrapOnWordBoundary: false }),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    chars: noLines,
  });
  table.push(...cells.map((row) => row.map(paint)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const noLines = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ]
    .flat()
    .map((name) => [name, '']),
);

/** Takes from the widest columns until all fit. */
function fitted(natural: readonly number[], width: number | undefined): readonly number[] {
  const widths = [...natural];
  let over = width === undefined ? 0 : widths.reduce((sum, one) => sum + one, 0) - width;
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] ?? 0;
    if (now <= narrowest) break;
    widths[widest] = now - 1;
    over -= 1;
  }
  return widths;
}

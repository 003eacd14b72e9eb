import { printable } from './printed';

/** RFC 4180, all cells quoted. A cell that a spreadsheet would take for a formula gets a `'` before it. */
export function csv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}

function cell(value: string): string {
  const text = printable(value);
  // Some take the signs of East Asian width for formulas, too.
  const safe = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

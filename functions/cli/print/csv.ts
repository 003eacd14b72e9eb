import { printable } from './printed';

/** RFC 4180, with all cells quoted. A cell that a spreadsheet would read as a formula is prefixed with `'`. */
export function csv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}

function cell(value: string): string {
  const text = printable(value);
  // Some spreadsheets also accept full-width signs.
  const safe = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

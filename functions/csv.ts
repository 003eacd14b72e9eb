import { printable } from './untrusted-text';

/** RFC 4180, with all cells quoted. A cell that a spreadsheet would read as a formula is prefixed with `'`, also behind a semicolon. */
export function csv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map(csvLine).join('\r\n');
}

/** A line of such a file, without its end. */
export const csvLine = (row: readonly string[]): string => row.map(cell).join(',');

/** Digits that a spreadsheet has to take for a text: it would drop leading zeros, or write 12 digits as a power. */
export const textCell = (digits: string): string => `="${digits}"`;

function cell(value: string): string {
  const text = printable(value);
  // Nothing but digits: this formula is one of ours, and its value a text.
  if (/^="\d+"$/.test(text)) return `"${text.replaceAll('"', '""')}"`;
  // Some spreadsheets also accept full-width signs.
  const safe = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  // Where lists are separated by semicolons, a spreadsheet begins a cell after each, also within the quotes of a line that has commas.
  const whole = safe.replace(/(;[\s"]*)(?=[=+\-@＝＋－＠])/g, "$1'");
  return `"${whole.replaceAll('"', '""')}"`;
}

import { createColors } from 'picocolors';
import { escapeJson } from '../../json-text';
import { fitted, widthOf } from './fitted';

export { printable } from '../../untrusted-text';

/** Writes lines on standard output, broken between words where they are wider than the terminal. */
export const print = (line = ''): void => printWhole(fitted(line, widthOf(process.stdout)));

/** Writes on standard output what programs read, as it is. */
export const printWhole = (text: string): void => void process.stdout.write(`${text}\n`);

/** Writes lines on standard error, broken between words where they are wider than the terminal. */
export const note = (line: string): void => void process.stderr.write(`${fitted(line, widthOf(process.stderr))}\n`);

/** JSON, with characters that could control a terminal escaped. */
export function printJson(value: unknown): void {
  printWhole(escapeJson(JSON.stringify(value, null, 2)));
}

/** Colors on a terminal only; NO_COLOR and FORCE_COLOR override this. */
export function colours(): ReturnType<typeof createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return createColors(false);
  return createColors(FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true && TERM !== 'dumb');
}

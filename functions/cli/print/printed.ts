import { createColors } from 'picocolors';
import { escapeJson } from '../../json-text';

export { printable } from '../../untrusted-text';

/** Writes a line on standard output. */
export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

/** The columns of the terminal; infinite elsewhere. Some terminals report 0 columns. */
export const terminalWidth = (): number => (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY;

/** Writes a line on standard error. */
export const note = (line: string): void => void process.stderr.write(`${line}\n`);

/** JSON, with characters that could control a terminal escaped. */
export function printJson(value: unknown): void {
  print(escapeJson(JSON.stringify(value, null, 2)));
}

/** Colors on a terminal only; NO_COLOR and FORCE_COLOR override this. */
export function colours(): ReturnType<typeof createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return createColors(false);
  return createColors(FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true && TERM !== 'dumb');
}

import { createColors } from 'picocolors';
import { sanitize } from '../../untrusted-text';

/** An untrusted text on one line, without characters that could control a terminal or reverse the text direction. */
export const printable = (text: string): string => sanitize(text.replace(/[\r\n\t]+/g, ' '), Number.POSITIVE_INFINITY);

/** Writes a line on standard output. */
export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Writes a line on standard error. */
export const note = (line: string): void => void process.stderr.write(`${line}\n`);

/** JSON, with characters that could control a terminal escaped. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2).replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, escaped));
}

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/** Colors on a terminal only; NO_COLOR and FORCE_COLOR override this. */
export function colours(): ReturnType<typeof createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return createColors(false);
  return createColors(FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true && TERM !== 'dumb');
}

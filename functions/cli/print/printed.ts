import { createColors } from 'picocolors';
import { sanitize } from '../../untrusted-text';

/** A text from outside on one line, without the characters that could steer a terminal or turn the text around. */
export const printable = (text: string): string => sanitize(text.replace(/[\r\n\t]+/g, ' '), Number.POSITIVE_INFINITY);

/** Writes a line on standard output. */
export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Writes a line on standard error: what is beside the answer. */
export const note = (line: string): void => void process.stderr.write(`${line}\n`);

/** JSON as it is, with what could steer a terminal written as escapes. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2).replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, escaped));
}

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/** Colours on a terminal, none elsewhere: NO_COLOR and FORCE_COLOR have their say. */
export function colours(): ReturnType<typeof createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return createColors(false);
  return createColors(FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true && TERM !== 'dumb');
}

import { sanitize } from '../../untrusted-text';

/** The maximum length of one line. */
const maxLine = 2000;

/** One line without characters that mislead, or an address that becomes a link. */
export const line = (text: string, length = maxLine): string =>
  sanitize(text.replace(/\s+/g, ' '), length)
    .replaceAll('://', ': //')
    .replace(/\bwww\./gi, 'www .');

/** Several lines, shown as they are; indentation stays. */
export const lines = (text: string): readonly string[] =>
  text.split(/\r\n|[\r\n]/).map((one) => sanitize(one.replaceAll('\t', '  '), maxLine));

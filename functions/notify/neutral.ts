import { sanitize } from '../untrusted-text';

/** A text from outside for a mail of plain text: one line, without addresses that a mail program would make links of. */
export const plainText = (text: string, length = 500): string =>
  sanitize(text.replace(/\s+/g, ' '), length)
    .replaceAll('://', ': //')
    .replace(/\bwww\./gi, 'www .');

const lookalikes: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '@': '＠',
  '`': "'",
  '*': '∗',
  '~': '∼',
  '[': '［',
  ']': '］',
  '#': '＃',
  '|': '¦',
  '\\': '＼',
};

/**
 * A text from outside for a chat: nobody is mentioned by it, nothing linked, nothing formatted. Slack and Teams escape differently, so the
 * characters that mean something to either are put by ones that look like them.
 */
export const chatText = (text: string, length = 500): string =>
  plainText(text, length)
    .replace(/[<>@`*~[\]#|\\]/g, (character) => lookalikes[character] ?? '')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '＿');

/** A text of ASCII for the subject of a mail: SNS takes less than 100 characters. */
export const asciiText = (text: string, length = 99): string => text.replace(/[^\x20-\x7e]+/g, '?').slice(0, length);

import { sanitize } from '../untrusted-text';

/** An untrusted text for a plain-text email: one line, without addresses that a mail client would turn into links. */
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
 * An untrusted text for a chat, without mentions, links or formatting. Slack and Teams escape differently, so characters with a meaning in
 * either are replaced by lookalikes.
 */
export const chatText = (text: string, length = 500): string =>
  plainText(text, length)
    .replace(/[<>@`*~[\]#|\\]/g, (character) => lookalikes[character] ?? '')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '＿');

/** An ASCII text for the subject of an email: SNS accepts fewer than 100 characters. */
export const asciiText = (text: string, length = 99): string => text.replace(/[^\x20-\x7e]+/g, '?').slice(0, length);

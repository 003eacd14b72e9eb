const maxLength = 100;

// Control and format characters, line separators, lone surrogates: these could forge a log line or reverse the text direction.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text without characters that could mislead a reader, truncated to a maximum length. */
export function sanitize(text: string, length = maxLength): string {
  const kept = text.slice(0, length * 2).replace(unprintable, '');
  if (kept.length <= length && text.length <= length * 2) return kept;
  // Truncation can split a surrogate pair, and canonical JSON rejects a lone surrogate.
  return `${kept.slice(0, length).replace(/\p{Cs}$/u, '')}… (${text.length} characters)`;
}

/** An untrusted text on one line, without characters that could control a terminal or reverse the text direction. */
export const printable = (text: string): string => sanitize(text.replace(/[\r\n\t]+/g, ' '), Number.POSITIVE_INFINITY);

/** The text with each character that nobody could see shown by its code, so that no two texts look alike. */
export const visible = (text: string): string =>
  text.replace(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** The reason that a person gave, as a part of a sentence: one line without its final full stop. */
export const reasonOf = (text: string): string =>
  sanitize(text.replace(/\s+/g, ' '), 1000)
    .replace(/ +/g, ' ')
    .trim()
    .replace(/(?<!\.)\.$/, '');

/** An untrusted value for a message: a string in quotes, or only the type of a larger value. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return `"${sanitize(value)}"`;
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'symbol' || typeof value === 'function' ? `a ${typeof value}` : sanitize(String(value));
}

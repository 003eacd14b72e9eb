const maxLength = 100;

// Control and format characters, line separators, lone surrogates: what could forge a line of a log or turn the text around.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text without the characters that could mislead a reader, and not too long. */
export function sanitize(text: string, length = maxLength): string {
  const kept = text.slice(0, length * 2).replace(unprintable, '');
  if (kept.length <= length && text.length <= length * 2) return kept;
  // The cut can halve a character, and canonical JSON refuses a half.
  return `${kept.slice(0, length).replace(/\p{Cs}$/u, '')}… (${text.length} characters)`;
}

/** An untrusted value, to be named in a sentence: a text in quotes, and only the sort of anything larger. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return `"${sanitize(value)}"`;
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'symbol' || typeof value === 'function' ? `a ${typeof value}` : sanitize(String(value));
}

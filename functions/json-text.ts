/** JSON in which characters that could control a terminal, or reverse the text direction, are escaped. */
export const escapeJson = (json: string): string => json.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/**
 * The JSON of a value in parts, so that it is never in memory as a whole: what iterates and is no array becomes an array, one element after
 * another, each on a line of its own.
 */
export function* jsonParts(value: unknown): Generator<string> {
  if (isIterable(value)) {
    let before = '[\n';
    for (const one of value) {
      yield before;
      yield* jsonParts(one);
      before = ',\n';
    }
    yield before === ',\n' ? '\n]' : '[]';
  } else if (isObject(value)) {
    let before = '{';
    for (const [name, one] of Object.entries(value)) {
      if (one === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* jsonParts(one);
      before = ',';
    }
    yield before === ',' ? '}' : '{}';
  } else yield escapeJson(JSON.stringify(value));
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Symbol.iterator in value;

/** With a member that iterates, or is such an object: all others are written at once. */
const isObject = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((one) => isIterable(one) || isObject(one));

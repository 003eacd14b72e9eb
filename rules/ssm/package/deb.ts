import { compareDigits, partsOf } from './epoch';

/** Compares two versions as dpkg does: negative if the first is older. https://www.debian.org/doc/debian-policy/ch-controlfields.html#version */
export function compareDeb(one: string, other: string): number {
  const [first, second] = [partsOf(one), partsOf(other)];
  return (
    compareDigits(first.epoch, second.epoch) || compareParts(first.version, second.version) || compareParts(first.revision, second.revision)
  );
}

/** By turns texts without digits and numbers, either of which may be empty. */
function compareParts(one: string, other: string): number {
  const [first, second] = [runsOf(one), runsOf(other)];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const [text = '', digits = ''] = first[index] ?? [];
    const [otherText = '', otherDigits = ''] = second[index] ?? [];
    const order = compareNonDigits(text, otherText) || compareDigits(digits, otherDigits);
    if (order !== 0) return order;
  }
  return 0;
}

const runsOf = (text: string): readonly (readonly [text: string, digits: string])[] =>
  [...text.matchAll(/(\D*)(\d*)/g)].map(([, before = '', digits = '']) => [before, digits]);

function compareNonDigits(one: string, other: string): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const order = rankOf(one[index]) - rankOf(other[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** `~` is older than the end, and letters are older than other characters. */
function rankOf(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return /[a-zA-Z]/.test(character) ? code : code + 256;
}

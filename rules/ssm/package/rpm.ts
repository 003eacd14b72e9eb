import { compareDigits, compareTexts, partsOf } from './epoch';

/** Compares two versions as rpm does: negative if the first is older. https://rpm-software-management.github.io/rpm/man/rpm-version.7 */
export function compareRpm(one: string, other: string): number {
  const [first, second] = [partsOf(one), partsOf(other)];
  return (
    compareDigits(first.epoch, second.epoch) ||
    compareSegments(segmentsOf(first.version), segmentsOf(second.version)) ||
    compareSegments(segmentsOf(first.revision), segmentsOf(second.revision))
  );
}

/** Runs of digits, runs of letters, `~` and `^`: all else only separates. */
const segmentsOf = (text: string): readonly string[] => text.match(/\d+|[a-zA-Z]+|[~^]/g) ?? [];

function compareSegments(one: readonly string[], other: readonly string[]): number {
  for (let index = 0; ; index += 1) {
    const [first, second] = [one[index], other[index]];
    if (first === undefined && second === undefined) return 0;
    const order = compareSegment(first, second);
    if (order !== 0) return order;
  }
}

/** `~` is older than the end, and `^` newer than the end and older than all else; a number is newer than letters. */
function compareSegment(one: string | undefined, other: string | undefined): number {
  const [first, second] = [rankOf(one), rankOf(other)];
  if (first !== second || one === undefined || other === undefined) return first - second;
  return first === ranks.digits ? compareDigits(one, other) : compareTexts(one, other);
}

const ranks = { tilde: 0, end: 1, caret: 2, letters: 3, digits: 4 } as const;

function rankOf(segment: string | undefined): number {
  if (segment === undefined) return ranks.end;
  if (segment === '~') return ranks.tilde;
  if (segment === '^') return ranks.caret;
  return /^\d/.test(segment) ? ranks.digits : ranks.letters;
}

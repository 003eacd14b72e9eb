import { distance } from 'fastest-levenshtein';

/** The closest name to a mistyped one; undefined if none is close. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  const [best] = names
    // Lengths first: the given text may be very long.
    .filter((name) => Math.abs(name.length - word.length) <= farthest(name))
    .map((name) => ({ name, distance: distance(word, name.toLowerCase()) }))
    .filter((one) => one.distance <= farthest(one.name))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return best?.name ?? names.find((name) => word.length >= 4 && name.toLowerCase().includes(word));
}

const farthest = (name: string): number => Math.max(2, name.length / 3);

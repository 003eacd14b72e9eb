/** The name that a mistyped one was likely meant to be; undefined where none is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  const [best] = names
    .map((name) => ({ name, distance: distance(word, name.toLowerCase()) }))
    .filter((one) => one.distance <= Math.max(2, one.name.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return best?.name ?? names.find((name) => word.length >= 4 && name.toLowerCase().includes(word));
}

/** How many letters have to be inserted, left out or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > b.length) return b.length + a.length;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

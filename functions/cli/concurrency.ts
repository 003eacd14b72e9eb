// Our own: p-map 7 is an ES module alone, and CommonJS is what the tests load; the last p-map for that is 4, three major versions behind.

/** Does the work for each, no more than `most` at a time; the results stand in the order of the things. */
export async function eachOf<Thing, Result>(
  things: readonly Thing[],
  max: number,
  work: (thing: Thing, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = things.entries();
  const worker = async (): Promise<void> => {
    for (const [index, thing] of left) results[index] = await work(thing, index);
  };
  await Promise.all(Array.from({ length: Math.min(max, things.length) }, worker));
  return results;
}

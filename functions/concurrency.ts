// Not p-map: from version 5 it is only an ES module, and the tests load CommonJS.

/** Does the work for each, at most `max` at a time; the results have the order of the input. */
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

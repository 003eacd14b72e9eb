/** The results of the work for each thing, in their order; so many are under way at once. */
export async function* ahead<Thing, Result>(
  things: AsyncIterable<Thing> | Iterable<Thing>,
  max: number,
  work: (thing: Thing) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = [];
  for await (const thing of things) {
    const result = work(thing);
    // Whoever awaits it gets the error; until then, it is not unhandled.
    result.catch(() => undefined);
    started.push(result);
    if (started.length >= max) yield (await started.shift()) as Result;
  }
  for (const result of started) yield await result;
}

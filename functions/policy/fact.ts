import { describe, isPassing } from '../aws/fault';

/** Something that was read, or why it could not be. What is unknown never lets a change through. */
export type Fact<Value> = { readonly known: Value } | { readonly unknown: string };

/** What the promise brings, or why it does not. What may be answered later is thrown: then the whole case waits. */
export async function factOf<Value>(value: Promise<Value>): Promise<Fact<Value>> {
  try {
    return { known: await value };
  } catch (error) {
    if (isPassing(error)) throw error;
    return { unknown: describe(error) };
  }
}

import { describe, isTransient } from '../aws/error';

/** A value that was read, or why it could not be. An unknown one never permits a change. */
export type Fact<Value> = { readonly known: Value } | { readonly unknown: string };

/** The value of the promise, or why it failed. A transient error is thrown, and the whole case is retried. */
export async function factOf<Value>(value: Promise<Value>): Promise<Fact<Value>> {
  try {
    return { known: await value };
  } catch (error) {
    if (isTransient(error)) throw error;
    return { unknown: describe(error) };
  }
}

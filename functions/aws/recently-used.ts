export interface RecentlyUsed<Value> {
  /** The value of the key, made if it is not there. */
  get(key: string, make: () => Value): Value;
  /** Lets it go, unless another value has taken its place. */
  forget(key: string, value: Value): void;
}

/** Keeps the values that were used last, so many of them: with one more, the one that was not used for the longest time is let go. */
export function recentlyUsed<Value>(max: number, letGo: (value: Value) => void = () => {}): RecentlyUsed<Value> {
  // A Map keeps the order in which its keys were set.
  const kept = new Map<string, Value>();
  return {
    get(key, make) {
      const known = kept.has(key) ? (kept.get(key) as Value) : make();
      kept.delete(key);
      kept.set(key, known);
      for (const [oldest, value] of [...kept].slice(0, Math.max(0, kept.size - max))) {
        kept.delete(oldest);
        letGo(value);
      }
      return known;
    },
    forget(key, value) {
      if (kept.get(key) === value) kept.delete(key);
    },
  };
}

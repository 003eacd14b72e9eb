export interface RecentlyUsed<Value> {
  /** The value of the key, created if there is none. */
  get(key: string, make: () => Value): Value;
  /** Removes the value, unless another one has replaced it. */
  forget(key: string, value: Value): void;
}

/** A cache that removes the least recently used value when it exceeds its maximum size. */
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

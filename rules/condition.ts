import { isObject } from './json';
import { stringsIn } from './policy';
import type { Json } from './rule';

/** One test of a condition: `StringEquals`, `aws:SourceAccount` and the value to compare with. */
export interface Test {
  readonly operator: string;
  readonly key: string;
  readonly value: Json | undefined;
}

/** The tests of a condition, all of which must match; undefined if it is not a valid condition. */
export function testsIn(condition: Json | undefined): readonly Test[] | undefined {
  if (!isObject(condition) || !Object.values(condition).every(isObject)) return undefined;
  return Object.entries(condition).flatMap(([operator, tested]) =>
    Object.entries(isObject(tested) ? tested : {}).map(([key, value]) => ({ operator, key, value })),
  );
}

/** Whether a test does not restrict the caller: it is about TLS, or any value matches. */
export function isOpen({ operator, key, value }: Test): boolean {
  if (key.toLowerCase() === 'aws:securetransport') return true;
  // A range with prefix 0 covers all IPv4 or all IPv6 addresses.
  const isAny = operator === 'IpAddress' ? /\/0$/ : /^\*$/;
  return /^(IpAddress|StringLike|ArnLike|ArnEquals)$/.test(operator) && (stringsIn(value)?.some((one) => isAny.test(one)) ?? false);
}

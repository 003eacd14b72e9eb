import { isObject } from './json';
import { stringsIn } from './policy';
import type { Json } from './rule';

/** One line of a condition: `StringEquals`, `aws:SourceAccount` and what that is compared with. */
export interface Test {
  readonly operator: string;
  readonly key: string;
  readonly value: Json | undefined;
}

/** The tests of a condition, all of which have to hold; undefined where it is none. */
export function testsIn(condition: Json | undefined): readonly Test[] | undefined {
  if (!isObject(condition) || !Object.values(condition).every(isObject)) return undefined;
  return Object.entries(condition).flatMap(([operator, tested]) =>
    Object.entries(isObject(tested) ? tested : {}).map(([key, value]) => ({ operator, key, value })),
  );
}

/** Whether a test says nothing of who calls: it is about TLS, or any value will do. */
export function isOpen({ operator, key, value }: Test): boolean {
  if (key.toLowerCase() === 'aws:securetransport') return true;
  // All addresses are those of IPv4 as well as those of IPv6.
  const isAny = operator === 'IpAddress' ? /\/0$/ : /^\*$/;
  return /^(IpAddress|StringLike|ArnLike|ArnEquals)$/.test(operator) && (stringsIn(value)?.some((one) => isAny.test(one)) ?? false);
}

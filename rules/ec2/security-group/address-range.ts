import { IPv4, IPv6, parseCIDR } from 'ipaddr.js';

/** The addresses of a CIDR block, the first and last as numbers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

const bits = { 4: 32, 6: 128 } as const;

/** Ranges with a longer prefix are specific, even if together with others they cover everything. */
const maxWidePrefix = { 4: 16, 6: 32 } as const;

/** Reads `203.0.113.0/24` or `2001:db8::/32`; undefined for any other text. Bits beyond the prefix are dropped, as AWS does. */
export function parseRange(text: string): AddressRange | undefined {
  const family = text.includes(':') ? 6 : 4;
  // Not isValidCIDR() of IPv4: it takes `010.1` for 8.0.0.1.
  const valid = family === 4 ? IPv4.isValidCIDRFourPartDecimal(text) : IPv6.isValidCIDR(text) && !text.includes('%');
  if (!valid) return undefined;
  const [address, prefix] = parseCIDR(text);
  const number = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const host = BigInt(bits[family] - prefix);
  const first = (number >> host) << host;
  return { family, prefix, first, last: first + (1n << host) - 1n };
}

/** Whether these ranges of one family cover all addresses. */
export function coverEverything(ranges: readonly AddressRange[]): boolean {
  const [any] = ranges;
  if (!any) return false;
  const end = 1n << BigInt(bits[any.family]);
  let next = 0n;
  for (const { first, last } of [...ranges].sort((a, b) => Number(a.first > b.first) - Number(a.first < b.first))) {
    if (first > next) return false;
    if (last >= next) next = last + 1n;
  }
  return next >= end;
}

/**
 * The ranges (of one family) to remove so that the rest no longer covers all addresses: the outermost ones, layer by layer.
 * Narrower ranges inside them stay, and so do narrow ones beside them as long as removing the wide ones is enough.
 * `whole`: what a range is removed with, such as the prefix list that contains it.
 */
export function addingUpToEverything<Range extends AddressRange>(
  ranges: readonly Range[],
  whole: (range: Range) => unknown = (range) => range,
): readonly Range[] {
  const found: Range[] = [];
  let left = ranges;
  while (coverEverything(left)) {
    const outermost = left.filter((range) => !left.some((other) => contains(other, range)));
    const wide = outermost.filter(({ family, prefix }) => prefix <= maxWidePrefix[family]);
    const layer = wide.length > 0 ? wide : outermost;
    found.push(...layer);
    const removed = new Set(layer.map(whole));
    left = left.filter((range) => !removed.has(whole(range)));
  }
  return found;
}

const contains = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.prefix < inner.prefix && outer.first <= inner.first && inner.last <= outer.last;

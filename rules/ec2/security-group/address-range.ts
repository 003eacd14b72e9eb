/** The addresses of a CIDR block, first and last as numbers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

const bits = { 4: 32, 6: 128 } as const;

/** Ranges with a longer prefix than this name somebody in particular, even where they are a piece of the whole. */
const longestWide = { 4: 16, 6: 32 } as const;

/** Reads `203.0.113.0/24` or `2001:db8::/32`; undefined for any other text. Bits beyond the prefix are dropped, as AWS does. */
export function parseRange(text: string): AddressRange | undefined {
  const [, address = '', length = ''] = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(text) ?? [];
  const family = address.includes(':') ? 6 : 4;
  const number = family === 4 ? ipv4Number(address) : ipv6Number(address);
  const prefix = Number(length);
  if (number === undefined || prefix > bits[family]) return undefined;
  const host = BigInt(bits[family] - prefix);
  const first = (number >> host) << host;
  return { family, prefix, first, last: first + (1n << host) - 1n };
}

function ipv4Number(address: string): bigint | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((number, part) => (number << 8n) | BigInt(part), 0n);
}

function ipv6Number(address: string): bigint | undefined {
  const sides = address.split('::');
  if (sides.length > 2) return undefined;
  const [left = [], right] = sides.map((side) => (side === '' ? [] : side.split(':')).flatMap(hextets));
  const given = left.length + (right?.length ?? 0);
  const all = right === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - given)).fill('0'), ...right];
  if (all.length !== 8 || (right !== undefined && given > 7) || all.some((part) => !/^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return all.reduce((number, part) => (number << 16n) | BigInt(`0x${part}`), 0n);
}

/** `198.51.100.1`, as the end of an IPv6 address, in two parts of hexadecimal digits. */
function hextets(part: string): readonly string[] {
  if (!part.includes('.')) return [part];
  const number = ipv4Number(part);
  return number === undefined ? [part] : [(number >> 16n).toString(16), (number & 0xffffn).toString(16)];
}

/** Whether these ranges of one family leave out no address. */
export function coverEverything(ranges: readonly AddressRange[]): boolean {
  const [any] = ranges;
  if (!any) return false;
  const end = 1n << BigInt(bits[any.family]);
  let next = 0n;
  for (const { first, last } of [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    if (first > next) return false;
    if (last >= next) next = last + 1n;
  }
  return next >= end;
}

/**
 * Those of the ranges (of one family) that have to go so that the rest leaves out some address: the outermost ones, layer by layer.
 * Narrower ones inside them stay, and so do narrow pieces of the whole as long as the wide ones are enough.
 */
export function addingUpToEverything<Range extends AddressRange>(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  let left = ranges;
  while (coverEverything(left)) {
    const outermost = left.filter((range) => !left.some((other) => contains(other, range)));
    const wide = outermost.filter(({ family, prefix }) => prefix <= longestWide[family]);
    const layer = new Set(wide.length > 0 ? wide : outermost);
    found.push(...layer);
    left = left.filter((range) => !layer.has(range));
  }
  return found;
}

const contains = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.prefix < inner.prefix && outer.first <= inner.first && inner.last <= outer.last;

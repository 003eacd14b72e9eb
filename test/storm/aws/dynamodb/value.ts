import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

type Compared = -1 | 0 | 1 | undefined;

const typeOf = (value: AttributeValue): string => Object.keys(value)[0] ?? '';
const inner = (value: AttributeValue): unknown => Object.values(value)[0];

/** The order of two values of one type that has an order; undefined for others. */
export function compare(a: AttributeValue, b: AttributeValue): Compared {
  const type = typeOf(a);
  if (type !== typeOf(b) || !['S', 'N', 'B'].includes(type)) return undefined;
  if (type === 'B') return sign(Buffer.compare(Buffer.from(inner(a) as Uint8Array), Buffer.from(inner(b) as Uint8Array)));
  if (type === 'N') return sign(Number(inner(a)) - Number(inner(b)));
  return sign(Buffer.compare(Buffer.from(inner(a) as string), Buffer.from(inner(b) as string)));
}

const sign = (number: number): Compared => Math.sign(number) as Compared;

/** Whether two values are the same; sets have no order. */
export function same(a: AttributeValue, b: AttributeValue): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  return compare(a, b) === 0 || normal(a) === normal(b);
}

function normal(value: AttributeValue): string {
  if (value.M) {
    const entries = Object.entries(value.M).sort(([x], [y]) => (x < y ? -1 : 1));
    return `M${JSON.stringify(entries.map(([name, item]) => [name, normal(item)]))}`;
  }
  if (value.L) return `L${JSON.stringify(value.L.map(normal))}`;
  if (value.SS) return `SS${JSON.stringify([...value.SS].sort())}`;
  if (value.NS) return `NS${JSON.stringify(value.NS.map(Number).sort())}`;
  if (value.N !== undefined) return `N${Number(value.N)}`;
  if (value.B) return `B${Buffer.from(value.B).toString('base64')}`;
  return JSON.stringify(value);
}

/** What `size()` says of a value. */
export function sizeOf(value: AttributeValue): number | undefined {
  const content = inner(value);
  if (typeof content === 'string' && value.S !== undefined) return Buffer.byteLength(content);
  if (content instanceof Uint8Array || Array.isArray(content)) return content.length;
  return value.M ? Object.keys(value.M).length : undefined;
}

/** The bytes by which DynamoDB judges the limit of 400 KB, to within a few of its own. */
export function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesIn(value), 0);
}

function bytesIn(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B) return value.B.byteLength;
  if (value.M) return 3 + bytesOf(value.M) + Object.keys(value.M).length;
  if (value.L) return 3 + value.L.reduce((sum, one) => sum + bytesIn(one) + 1, 0);
  if (value.SS) return value.SS.reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  return 1;
}

import type { Place } from '../../rules/rule';
import type { Field } from './input-fields';

/** Stands for an id that the call does not tell: a grant covers it by a wildcard alone. */
export const unnamed = 'any-other';

export const isArn = (text: string): boolean => text.startsWith('arn:');

/** Whether the ARN is one of the format: `arn:${Partition}:s3:::${BucketName}`. */
export const hasFormat = (format: string, arn: string): boolean => patternOf(format).test(arn);

const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  const source = format.split(/(\$\{\w+\})/).map((part) => (part.startsWith('${') ? variable(part) : literal(part)));
  const pattern = patterns.get(format) ?? new RegExp(`^${source.join('')}$`);
  patterns.set(format, pattern);
  return pattern;
}

const variable = (name: string): string => (/Region|Account/.test(name) ? '[^:]*' : '.+');

const literal = (text: string): string => text.replace(/[.*+?^$()|[\]\\/]/g, '\\$&');

/** ARNs of one format; `unlike` counts the variables whose name is not quite that of their field, or that no field fills; `isNamed`: the last is filled. */
export interface Filled {
  readonly arns: readonly string[];
  readonly isNamed: boolean;
  readonly unlike: number;
}

/** The ARNs that the fields of an input give by their names; none where no field fills any variable. */
export function filledFrom(format: string, fields: readonly Field[], place: Place): Filled {
  const [start = '', ...parts] = inPlace(format, place).split(/\$\{(\w+)\}/);
  if (parts.length === 0) return { arns: [start], isNamed: true, unlike: 0 };
  let arns: readonly string[] = [start];
  let unlike = 0;
  let filled = 0;
  let isNamed = false;
  for (let index = 0; index < parts.length; index += 2) {
    const [variable = '', text = ''] = parts.slice(index);
    const { values, isExact } = valuesFor(variable, fields, index === parts.length - 2);
    isNamed = values.length > 0;
    if (isNamed) filled += 1;
    if (!isExact) unlike += isNamed ? 1 : 100;
    arns = arns.flatMap((arn) => (isNamed ? values : [unnamed]).map((value) => `${arn}${value}${text}`));
  }
  return { arns: filled > 0 ? arns : [], isNamed, unlike };
}

/** The format with the place filled in. */
export const inPlace = (format: string, { partition, region, account }: Place): string =>
  format
    .replace(/\$\{Partition\}/, partition)
    .replace(/\$\{Region\}/, region)
    .replace(/\$\{Account\}/, account);

/** `DBInstanceIdentifier` and `DbInstanceName` are both `dbinstance`. */
const stemOf = (name: string): string =>
  name
    .replace(/With(out)?[A-Z]\w+$/, '')
    .replace(/(Identifier|FriendlyName|Name|Id|Url|Arn)?s?$/i, '')
    .toLowerCase();

function valuesFor(
  variable: string,
  fields: readonly Field[],
  isLast: boolean,
): { readonly values: readonly string[]; readonly isExact: boolean } {
  const wanted = stemOf(variable);
  const named = fields
    .filter(({ value }) => value !== '' && !isArn(value))
    .map(({ name, value, depth }) => ({ stem: stemOf(name), value: lastOf(value), depth }));
  const exact = named.filter(({ stem }) => stem === wanted && stem !== '');
  const close = named.filter(({ stem }) => stem !== '' && wanted !== '' && (stem.endsWith(wanted) || wanted.endsWith(stem)));
  // `Name` and `Id` of the input itself are those of what it is about.
  const bare = named.filter(({ stem, depth }) => stem === '' && depth === 1 && isLast);
  const found = [exact, close, bare].find((some) => some.length > 0) ?? [];
  return { values: found.map(({ value }) => value), isExact: exact.length > 0 };
}

/** The URL of a queue ends in its name. */
const lastOf = (value: string): string => (/^https?:/.test(value) ? value.slice(value.lastIndexOf('/') + 1) : value);

import type { Call } from '../../functions/aws/call';
import type { Json, Place, Resource } from '../../rules/rule';
import { iamActionOf } from '../emulator/iam-action';
import { type ResourceType, resourceTypesOf } from './resource-types';

/** What a call asks of the grants: its action on each of these ARNs, or on one of them where the call does not tell which. */
export interface Touched {
  readonly action: string;
  readonly arns: readonly string[];
  readonly among: 'all' | 'any';
}

/** Stands for an id that the call does not tell: a grant covers it by a wildcard alone. */
export const unnamed = 'any-other';

/** The ARNs that a call touches, as far as its input and the resource under test tell. */
export async function touchedBy(call: Call, place: Place, resource: Resource | undefined): Promise<Touched> {
  const action = iamActionOf(call);
  const types = narrowed(call, action, await resourceTypesOf(action));
  if (types.length === 0) return { action, arns: ['*'], among: 'all' };
  const input = fieldsOf(call.input);
  const said = typesIn(input);
  const named = types.map((type) => {
    const asked = { ...type, required: type.required || said.includes(type.name) };
    return { type: asked, arns: namedArns(asked, input, place, resource) };
  });
  const isNamed = named.some(({ arns }) => arns.length > 0);
  // Of some services the reference says that reading tags asks for all types at once.
  const asksForAll = !(isNamed && /:ListTags/.test(action));
  const arns = named.flatMap(({ type, arns }) => (arns.length > 0 || !(type.required && asksForAll) ? arns : [unnamedArn(type, place, resource)]));
  if (arns.length > 0) return { action, arns: [...new Set(arns)], among: 'all' };
  return { action, arns: types.map((type) => unnamedArn(type, place, resource)), among: 'any' };
}

/** The types of EC2 that the input speaks of, such as those of what is made with tags. */
export const typesIn = (fields: readonly Field[]): readonly string[] =>
  fields.filter(({ name }) => name === 'ResourceType').map(({ value }) => value.toLowerCase());

/** API Gateway knows the methods of HTTP alone; its operations are named after the resource. */
function narrowed({ operation }: Call, action: string, types: readonly ResourceType[]): readonly ResourceType[] {
  return action.startsWith('apigateway:') ? types.filter(({ name }) => name === operation.replace(/^[A-Z][a-z]+/, '')) : types;
}

/** A string in an input; `depth` is 1 for a field of the input itself. */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly depth: number;
}

export function fieldsOf(input: Json | undefined, name = '', depth = 0): readonly Field[] {
  if (typeof input === 'string') return [{ name, value: input, depth }];
  if (Array.isArray(input)) return input.flatMap((item) => fieldsOf(item as Json, name, depth));
  if (input === null || typeof input !== 'object') return [];
  return Object.entries(input).flatMap(([key, value]) => fieldsOf(value as Json, key, depth + 1));
}

export const isArn = (text: string): boolean => text.startsWith('arn:');

function namedArns(type: ResourceType, fields: readonly Field[], place: Place, resource: Resource | undefined): readonly string[] {
  const values = fields.map(({ value }) => value);
  const given = values.filter((value) => isArn(value) && fits(type, value));
  const own = resource && fits(type, resource.arn) && values.includes(resource.id) ? [resource.arn] : [];
  if (given.length + own.length > 0) return [...given, ...own];
    const filled = type.formats.map((format) => filledFrom(format, fields, place));
  // Of an optional type, what the input names may be a part of another type's ARN: the application of an environment, not its template.
  return bestOf(filled.filter(({ isNamed }) => isNamed || type.required));
}

export const fits = ({ formats }: Pick<ResourceType, 'formats'>, arn: string): boolean => formats.some((format) => patternOf(format).test(arn));

const patternOf = (format: string): RegExp =>
  new RegExp(`^${format.split(/(\$\{\w+\})/).map((part) => (part.startsWith('${') ? (/Region|Account/.test(part) ? '[^:]*' : '.+') : part.replace(/[.*+?^$()|[\]\\/]/g, '\\$&'))).join('')}$`);

/** ARNs of one format; `unlike` counts the variables whose name is not quite that of their field, or that no field fills; `isNamed`: the last is filled. */
interface Filled {
  readonly arns: readonly string[];
  readonly isNamed: boolean;
  readonly unlike: number;
}

const bestOf = (all: readonly Filled[]): readonly string[] => {
  const useful = all.filter(({ arns }) => arns.length > 0);
  const least = Math.min(...useful.map(({ unlike }) => unlike));
  return useful.filter(({ unlike }) => unlike === least).flatMap(({ arns }) => arns);
};

function filledFrom(format: string, fields: readonly Field[], place: Place): Filled {
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

const inPlace = (format: string, { partition, region, account }: Place): string =>
  format.replace('${Partition}', partition).replace('${Region}', region).replace('${Account}', account);

/** `DBInstanceIdentifier` and `DbInstanceName` are both `dbinstance`. */
const stemOf = (name: string): string =>
  name
    .replace(/With(out)?[A-Z]\w+$/, '')
    .replace(/(Identifier|FriendlyName|Name|Id|Url|Arn)?s?$/i, '')
    .toLowerCase();

function valuesFor(variable: string, fields: readonly Field[], isLast: boolean): { readonly values: readonly string[]; readonly isExact: boolean } {
  const wanted = stemOf(variable);
  const named = fields.filter(({ value }) => value !== '' && !isArn(value)).map(({ name, value, depth }) => ({ stem: stemOf(name), value: lastOf(value), depth }));
  const exact = named.filter(({ stem }) => stem === wanted && stem !== '');
  const close = named.filter(({ stem }) => stem !== '' && wanted !== '' && (stem.endsWith(wanted) || wanted.endsWith(stem)));
  // `Name` and `Id` of the input itself are those of what it is about.
  const bare = named.filter(({ stem, depth }) => stem === '' && depth === 1 && isLast);
  const found = [exact, close, bare].find((some) => some.length > 0) ?? [];
  return { values: found.map(({ value }) => value), isExact: exact.length > 0 };
}

/** The URL of a queue ends in its name. */
const lastOf = (value: string): string => (/^https?:/.test(value) ? value.slice(value.lastIndexOf('/') + 1) : value);

/** Any resource of the type; that under test, if it is one. */
export function unnamedArn(type: ResourceType, place: Place, resource?: Resource): string {
  if (resource && fits(type, resource.arn)) return resource.arn;
  return inPlace(type.formats[0] ?? '', place).replace(/\$\{\w+\}/g, unnamed);
}

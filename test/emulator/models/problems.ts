import { types } from 'node:util';
import type { Member, Model, Shape } from './model';

export type Direction = 'input' | 'output';

/**
 * What is wrong with an input or an answer by AWS's model of the operation: each a sentence that begins with the path.
 * Of an answer types and enumerations are checked: a test makes up the part that it is about, in as many items as it likes.
 */
export function problemsIn(
  model: Model,
  operation: string,
  direction: Direction,
  value: unknown,
  { mayHoldMore = direction === 'output' } = {},
): readonly string[] {
  const found = model.operations[operation];
  if (!found) return [`${model.metadata.serviceId} has no operation ${operation}.`];
  const problems: string[] = [];
  const root = found[direction] ?? { shape: '' };
  check(root, mayHoldMore ? ownMembers(value as object, model.shapes[root.shape]) : value, direction);
  return problems;

  function check(member: Member, value: unknown, path: string): void {
    // An operation without an input or an output has no shape for it.
    const shape: Shape = model.shapes[member.shape] ?? { type: 'structure' };
    if (isFree(member, shape, value)) return;
    const refused = (checks[shape.type] ?? unknownType)(value, direction === 'output' ? withoutLimits(shape) : shape);
    if (refused) problems.push(`${path} ${refused}.`);
    else for (const [name, part, inner] of partsOf(shape, value, path)) check(inner, part, name);
  }
}

/** Without what the SDK leaves out or adds, and what a test answers to other operations by the same object. */
const ownMembers = (answer: object, { members = {} }: Shape = { type: 'structure' }): object =>
  Object.fromEntries(set(answer).filter(([name]) => Object.hasOwn(members, name)));

const withoutLimits = ({ required: _, min: __, max: ___, pattern: ____, ...rest }: Shape): Shape => rest;

/** Whether anything goes: streams, documents, and texts that the SDK writes from JSON. */
const isFree = (member: Member, shape: Shape, value: unknown): boolean =>
  Boolean(shape.document || shape.eventstream || ((member.streaming || shape.streaming) && value !== null)) ||
  Boolean(member.jsonvalue && typeof value === 'object');

function* partsOf(
  { type, members = {}, member, key, value: inner }: Shape,
  value: unknown,
  path: string,
): Iterable<[string, unknown, Member]> {
  if (type === 'list' && member) for (const [index, item] of (value as unknown[]).entries()) yield [`${path}[${index}]`, item, member];
  if (type !== 'structure' && type !== 'map') return;
  for (const [name, item] of set(value)) {
    const own = type === 'map' ? inner : members[name];
    if (type === 'map' && key) yield [`the key ${JSON.stringify(name)} of ${path}`, name, key];
    if (own) yield [`${path}.${name}`, item, own];
  }
}

/** The members that are there: the SDK leaves out what is undefined. */
const set = (value: unknown): [string, unknown][] => Object.entries(value as object).filter(([, item]) => item !== undefined);

/** What is wrong with a value itself, by the type of its shape. */
const checks: Readonly<Record<string, (value: unknown, shape: Shape) => string | undefined>> = {
  structure: (value, shape) =>
    isPlain(value)
      ? wrongMembers(
          set(value).map(([name]) => name),
          shape,
        )
      : isNo('a structure', value),
  map: (value, shape) => (isPlain(value) ? outside(set(value).length, shape, 'keys') : isNo('a map', value)),
  list: (value, shape) => (Array.isArray(value) ? outside(value.length, shape, 'items') : isNo('a list', value)),
  string: (value, shape) => (typeof value === 'string' ? wrongText(value, shape) : isNo('a string', value)),
  character: (value) => (typeof value === 'string' ? undefined : isNo('a string', value)),
  boolean: (value) => (typeof value === 'boolean' ? undefined : isNo('a boolean', value)),
  timestamp: (value) => (types.isDate(value) && !Number.isNaN(Number(value)) ? undefined : isNo('a Date', value)),
  integer: (value, shape) =>
    Number.isInteger(value) && Number(value) === (Number(value) | 0) ? outside(Number(value), shape) : isNo('a 32-bit integer', value),
  long: (value, shape) =>
    Number.isInteger(value) || typeof value === 'bigint' ? outside(Number(value), shape) : isNo('an integer', value),
  float: (value, shape) => (typeof value === 'number' ? outside(value, shape) : isNo('a number', value)),
  double: (value, shape) => (typeof value === 'number' ? outside(value, shape) : isNo('a number', value)),
  blob: (value, shape) => (types.isUint8Array(value) ? outside(value.length, shape, 'bytes') : isNo('bytes', value)),
};

const unknownType = (_: unknown, { type }: Shape): string => `has the type ${type}, which this check does not know`;

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !types.isDate(value);

const isNo = (what: string, value: unknown): string => `is not ${what}: ${shown(value)}`;

/** Short, and without what JSON cannot hold. */
const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : JSON.stringify(String(value))).slice(0, 100);

function wrongMembers(names: readonly string[], { members = {}, required = [], union }: Shape): string | undefined {
  const unknown = names.filter((name) => !Object.hasOwn(members, name));
  if (unknown.length > 0) return `has no member ${unknown.join(', ')}`;
  const missing = required.filter((name) => !names.includes(name) && !members[name]?.idempotencyToken);
  if (missing.length > 0) return `lacks ${missing.join(', ')}`;
  return union && names.length !== 1 ? `is a union, and holds ${names.join(', ') || 'nothing'}` : undefined;
}

function wrongText(value: string, shape: Shape): string | undefined {
  if (shape.enum && !shape.enum.includes(value)) return `is ${JSON.stringify(value)}, and none of ${shape.enum.join(', ')}`;
  if (shape.pattern && !matches(value, shape.pattern)) return `does not match ${shape.pattern}: ${shown(value)}`;
  return outside([...value].length, shape, 'characters');
}

function outside(size: number, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Shape, unit = ''): string | undefined {
  if (size >= min && size <= max) return undefined;
  return unit ? `has ${size} ${unit}, and not ${min} to ${max}` : `is ${size}, and not ${min} to ${max}`;
}

const compiled = new Map<string, RegExp | undefined>();

function matches(value: string, pattern: string): boolean {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(value) ?? true;
}

/** The models' patterns are those of Java, which escapes more than JavaScript allows; a few have classes that it lacks, and are let be. */
function compile(pattern: string): RegExp | undefined {
  const printable = pattern.replaceAll(/(?<!\[[^\]]*)\\p\{Print\}/g, '[ -~]');
  for (const flags of printable.includes('\\p{') ? ['u'] : ['u', '']) {
    try {
      return new RegExp(printable, flags);
    } catch {
      // The next is more lenient.
    }
  }
  return undefined;
}

import type { Json, MappedParameter } from './rule';

type More = Pick<MappedParameter, 'absent' | 'usual'>;

/** A number of which more is stricter: a retention, a length. */
export const atLeast = (sets: string, more: More = {}): MappedParameter => ({
  sets,
  read: integer,
  strictest: (one, other) => Math.max(Number(one), Number(other)),
  ...more,
});

/** A number of which less is stricter: an age. */
export const atMost = (sets: string, more: More = {}): MappedParameter => ({
  sets,
  read: integer,
  strictest: (one, other) => Math.min(Number(one), Number(other)),
  cuts: true,
  ...more,
});

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Whether something is required. */
export const required = (sets: string, more: More = {}): MappedParameter => ({
  sets,
  read: (text) => booleans.get(text.trim().toLowerCase()),
  strictest: (one, other) => one === true || other === true,
  ...more,
});

/** A list of which all must be there: log types. */
export const allOf = (sets: string, more: More = {}): MappedParameter => ({ sets, read: listed, strictest: union, ...more });

/** A list of what must not be there: ports, actions. `read` reads one item. */
export const noneOf = (sets: string, read: (text: string) => Json | undefined, more: More = {}): MappedParameter => ({
  sets,
  read: (text) => everyOne(parts(text).map(read)),
  strictest: union,
  cuts: true,
  ...more,
});

/** A value of an order, the least strict first: log levels. */
export const levelOf = (sets: string, order: readonly string[], read: (text: string) => string | undefined, more: More = {}) =>
  ({
    sets,
    read: (text) => {
      const level = read(text);
      return level !== undefined && order.includes(level) ? level : undefined;
    },
    strictest: (one, other) => (order.indexOf(String(one)) > order.indexOf(String(other)) ? one : other),
    ...more,
  }) satisfies MappedParameter;

/** A value that no other one can replace: the name of a bucket. */
export const exactly = (sets: string, read: (text: string) => Json | undefined = plain, more: More = {}): MappedParameter => ({
  sets,
  read,
  strictest: (one, other) => (JSON.stringify(one) === JSON.stringify(other) ? one : undefined),
  exact: true,
  ...more,
});

/** An integer that is not negative. */
export const integer = (text: string): number | undefined => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined);

/** A text that is not empty. */
export const plain = (text: string): string | undefined => text.trim() || undefined;

/** The parts of a text with commas. */
export const parts = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

const listed = (text: string): Json | undefined => everyOne(parts(text));

/** Undefined also for an empty list. */
const everyOne = (items: readonly (Json | undefined)[]): Json | undefined =>
  items.length > 0 && items.every((item) => item !== undefined) ? ([...new Set(items)] as Json) : undefined;

const union = (one: Json, other: Json): Json => [...new Set([...(one as readonly Json[]), ...(other as readonly Json[])])];

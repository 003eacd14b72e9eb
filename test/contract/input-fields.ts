import type { Json } from '../../rules/rule';

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

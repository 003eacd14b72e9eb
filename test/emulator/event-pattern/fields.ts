import type { Leaf } from './value';

/** In which element of which arrays of the event a value stands. */
export type Membership = ReadonlyMap<number, number>;

/** One value of the event, with where it stands. */
export interface Field {
  readonly value: Leaf;
  readonly membership: Membership;
}

/** All values of an event by their path, joined by dots; arrays leave no trace in the path. */
export const fieldsOf = (event: unknown): ReadonlyMap<string, readonly Field[]> => {
  const fields = new Map<string, Field[]>();
  let arrays = 0;
  const walk = (value: unknown, path: readonly string[], membership: Membership) => {
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, element] of value.entries()) walk(element, path, new Map(membership).set(array, index));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name], membership);
    } else if (value !== undefined) {
      const name = path.join('.');
      fields.set(name, [...(fields.get(name) ?? []), { value: value as Leaf, membership }]);
    }
  };
  walk(event, [], new Map());
  return fields;
};

/** Both together, or undefined if they stand in different elements of the same array. */
export const joined = (one: Membership, other: Membership): Membership | undefined => {
  for (const [array, index] of other) {
    if ((one.get(array) ?? index) !== index) return undefined;
  }
  return new Map([...one, ...other]);
};

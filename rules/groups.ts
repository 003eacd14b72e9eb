/** The items in groups of a maximum size, in their order, for calls that accept a limited number. */
export const inGroups = <Item>(items: readonly Item[], most: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, group) => items.slice(group * most, (group + 1) * most));

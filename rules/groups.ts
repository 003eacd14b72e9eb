/** The items in groups of a maximum size, in their order, for calls that accept a limited number. */
export const inGroups = <Item>(items: readonly Item[], max: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / max) }, (_, group) => items.slice(group * max, (group + 1) * max));

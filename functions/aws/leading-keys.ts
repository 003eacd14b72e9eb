/** An action on an item, by its IAM name after `dynamodb:`. */
const actions = ['UpdateItem', 'PutItem', 'GetItem', 'DeleteItem', 'ConditionCheckItem', 'BatchGetItem'] as const;

/** Items whose keys match one of the patterns, and the actions on them. In a pattern, `*` matches any text. */
export interface Use {
  readonly patterns: readonly string[];
  readonly actions: readonly (typeof actions)[number][];
}

/** By action, the patterns of the keys (`dynamodb:LeadingKeys`) of the items that it applies to. */
export type Access = readonly (readonly [action: (typeof actions)[number], patterns: readonly string[]])[];

export function accessOf(uses: readonly (Use | undefined)[]): Access {
  return actions.flatMap((action) => {
    const patterns = uses.flatMap((use) => (use?.actions.includes(action) ? use.patterns : []));
    return patterns.length === 0 ? [] : [[action, patterns] as const];
  });
}

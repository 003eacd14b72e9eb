import type { Filters } from './question';

/** A filter for DynamoDB; '' if everything passes. */
export interface FilterExpression {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
}

/** DynamoDB accepts so many values for one IN. */
const maxOperands = 100;

/** The filters of a question for an index that holds their fields. */
export function filterOf({ equal, kinds, rules }: Filters): FilterExpression {
  const names: Record<string, string> = {};
  const values: Record<string, string> = {};
  const parts = equal.map(([field, wanted]) => {
    names[`#${field}`] = field;
    values[`:${field}`] = wanted;
    return `#${field} = :${field}`;
  });
  if (kinds) {
    names['#outcome'] = 'outcome';
    parts.push(`(attribute_exists(#outcome) OR ${isOneOf('kind', kinds)})`);
  }
  if (rules) parts.push(isOneOf('rule', rules));
  return { expression: parts.join(' AND '), names, values };

  function isOneOf(field: string, wanted: readonly string[]): string {
    names[`#${field}`] = field;
    const placeholders = wanted.map((value, index) => {
      values[`:${field}${index}`] = value;
      return `:${field}${index}`;
    });
    const groups: string[] = [];
    for (let from = 0; from < placeholders.length; from += maxOperands)
      groups.push(`#${field} IN (${placeholders.slice(from, from + maxOperands).join(', ')})`);
    return `(${groups.join(' OR ')})`;
  }
}

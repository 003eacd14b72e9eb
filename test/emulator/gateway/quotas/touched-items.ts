import type { Operation } from '../operation';
import { statementsOf } from '../partiql';

/** The names of the key attributes of a table. */
export type KeysOf = (table: string) => readonly string[];

type Attributes = Readonly<Record<string, unknown>>;

interface Action {
  readonly TableName?: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
}

const writes = ['PutItem', 'UpdateItem', 'DeleteItem'];

/** The items that a transaction or a write names, in its order; undefined for one whose key can't be told. */
export const touchedItems = (operation: Operation, keysOf: KeysOf): readonly (string | undefined)[] => {
  const { service, name, input } = operation;
  if (service !== 'dynamodb') return [];
  const itemOf = (table = '', attributes: Attributes = {}): string | undefined => {
    const names = keysOf(table);
    const values = names.map((key) => attributes[key]);
    return names.length === 0 || values.includes(undefined) ? undefined : JSON.stringify([table, values]);
  };
  if (writes.includes(name)) return [itemOf((input as Action).TableName, (input as Action).Key ?? (input as Action).Item)];
  const actions = (input.TransactItems ?? []) as readonly Readonly<Record<string, Action>>[];
  const named = actions.flatMap((action) => Object.values(action)).map(({ TableName, Key, Item }) => itemOf(TableName, Key ?? Item));
  const statements = statementsOf(operation).filter(({ verb }) => name === 'ExecuteTransaction' || verb !== 'Select');
  return [...named, ...statements.map(({ table, item, where }) => itemOf(table, item ?? where))];
};

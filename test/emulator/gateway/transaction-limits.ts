import type { Fault } from './error';
import { bytesOfItem, type Item } from './item-size';
import type { Operation } from './operation';
import { statementsOf } from './partiql';
import { type KeysOf, touchedItems } from './quotas/touched-items';

/** Source: the DynamoDB API Reference, TransactWriteItems and ExecuteTransaction. */
const maxBytes = 4 * 1024 * 1024;

const transactions = ['TransactWriteItems', 'TransactGetItems', 'ExecuteTransaction'];

/** Why DynamoDB rejects a transaction before it looks at any item; undefined if it does not. */
export const transactionRefusalOf = (operation: Operation, keysOf: KeysOf): Fault | undefined => {
  if (operation.service !== 'dynamodb' || !transactions.includes(operation.name)) return undefined;
  const items = touchedItems(operation, keysOf).filter((item) => item !== undefined);
  if (new Set(items).size < items.length) return invalid('Transaction request cannot include multiple operations on one item');
  const bytes = bytesWritten(operation);
  return bytes > maxBytes ? invalid(`The items of the transaction have ${bytes} bytes, more than ${maxBytes}`) : undefined;
};

const invalid = (message: string): Fault => ({ status: 400, code: 'ValidationException', message });

interface Action {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ExpressionAttributeValues?: Item;
}

/** At least: what an update leaves as it is in the stored item counts on AWS, and is not known here. */
const bytesWritten = (operation: Operation): number => {
  const actions = ((operation.input.TransactItems ?? []) as readonly Readonly<Record<string, Action>>[]).flatMap((one) =>
    Object.values(one),
  );
  const given = actions.map(({ Item, Key, ExpressionAttributeValues }) => Item ?? { ...Key, ...ExpressionAttributeValues });
  const stated = statementsOf(operation).map(({ item, where }) => (item ?? where ?? {}) as unknown as Item);
  return [...given, ...stated].reduce((sum, item) => sum + bytesOfItem(item), 0);
};

import { AwsError } from '../error';
import { bytesOf, compare, type Item } from './value';

export interface TableShape {
  readonly name: string;
  readonly partition: string;
  readonly sort?: string;
  /** By the name of an index, its partition and sort key. */
  readonly indexes?: Readonly<Record<string, { readonly partition: string; readonly sort?: string }>>;
}

/** One write, as it took effect. */
export interface Written {
  readonly table: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

const maxBytes = 400 * 1024;
/** Milliseconds that a transaction is under way: for so long, another write of its items conflicts. */
const transactionTime = 4;

/** The items of one table. An item is never changed in place. */
export class Table {
  private readonly partitions = new Map<string, Map<string, Item>>();
  private readonly busy = new Map<string, number>();
  /** The partitions that were asked for since they were written to last, in order. */
  private readonly ordered = new Map<string, readonly Item[]>();
  /** By index, the items by the value of its partition key. */
  private readonly indexed = new Map<string, Map<string, Set<Item>>>();

  constructor(readonly shape: TableShape) {}

  keyOf(item: Item): Item {
    const { partition, sort } = this.shape;
    const names = sort === undefined ? [partition] : [partition, sort];
    const key = Object.fromEntries(names.map((name) => [name, item[name]]));
    const wrong = names.find((name) => item[name]?.S === undefined && item[name]?.N === undefined);
    if (wrong !== undefined)
      throw new AwsError('ValidationException', `One or more parameter values were invalid: Missing the key ${wrong} in the item`);
    return key as Item;
  }

  get(key: Item): Item | undefined {
    return this.partitions.get(this.partitionIn(key))?.get(this.sortIn(key));
  }

  set(key: Item, item: Item | undefined): void {
    const partition = this.partitionIn(key);
    this.ordered.delete(orderedKey(partition));
    const items = this.partitions.get(partition) ?? new Map<string, Item>();
    const before = items.get(this.sortIn(key));
    if (item) items.set(this.sortIn(key), item);
    else items.delete(this.sortIn(key));
    if (items.size > 0) this.partitions.set(partition, items);
    else this.partitions.delete(partition);
    for (const [index, keys] of Object.entries(this.shape.indexes ?? {})) this.setIn(index, keys.partition, { before, item });
  }

  checkSize(item: Item): void {
    if (bytesOf(item) > maxBytes) throw new AwsError('ValidationException', 'Item size has exceeded the maximum allowed size');
  }

  /** The items of a partition of the table or of an index, in the order of the sort key. */
  partitionOf(value: string, index?: string): readonly Item[] {
    const keys = index === undefined ? this.shape : this.shape.indexes?.[index];
    if (!keys) throw new AwsError('ValidationException', `The table does not have the specified index: ${index}`);
    const known = this.ordered.get(orderedKey(value, index));
    if (known) return known;
    const items = [...((index === undefined ? this.partitions : this.indexed.get(index))?.get(value)?.values() ?? [])];
    const { sort } = keys;
    const ordered =
      sort === undefined ? items : items.filter((item) => item[sort]).sort((a, b) => compare(a[sort] ?? none, b[sort] ?? none) ?? 0);
    this.ordered.set(orderedKey(value, index), ordered);
    return ordered;
  }

  all(): readonly Item[] {
    return [...this.partitions.values()].flatMap((items) => [...items.values()]);
  }

  isBusy(key: Item, now: number): boolean {
    return (this.busy.get(this.textOf(key)) ?? 0) > now;
  }

  markBusy(key: Item, now: number): void {
    for (const [text, until] of this.busy) if (until <= now) this.busy.delete(text);
    this.busy.set(this.textOf(key), now + transactionTime);
  }

  private setIn(
    index: string,
    attribute: string,
    { before, item }: { readonly before: Item | undefined; readonly item: Item | undefined },
  ): void {
    const values = this.indexed.get(index) ?? new Map<string, Set<Item>>();
    this.indexed.set(index, values);
    const [old, value] = [before, item].map((one) => one?.[attribute] && String(Object.values(one[attribute])[0]));
    for (const one of [old, value]) if (one !== undefined) this.ordered.delete(orderedKey(one, index));
    if (old !== undefined && before) values.get(old)?.delete(before);
    if (value === undefined || !item) return;
    values.set(value, (values.get(value) ?? new Set()).add(item));
  }

  private textOf(key: Item): string {
    return `${this.partitionIn(key)}\n${this.sortIn(key)}`;
  }

  private partitionIn(key: Item): string {
    return String(Object.values(key[this.shape.partition] ?? {})[0]);
  }

  private sortIn(key: Item): string {
    return this.shape.sort === undefined ? '' : String(Object.values(key[this.shape.sort] ?? {})[0]);
  }
}

const none = { S: '' };
const orderedKey = (value: string, index = ''): string => `${index}\n${value}`;

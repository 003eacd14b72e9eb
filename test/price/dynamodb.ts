import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { openIndex } from '../../functions/coordination/keys';
import { allIndexes } from '../../functions/log/indexes';
import type { Call } from '../emulator/gateway';
import { bytesOfItem, type Item } from '../emulator/gateway/item-size';
import type { Units } from './prices';

const units = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

/** Write units by the table, or by the table and the index, in which they are. */
export type Writes = Readonly<Record<string, number>>;

const total = (writes: Writes): number => Object.values(writes).reduce((sum, one) => sum + one, 0);

function sumOfWrites(...parts: readonly Writes[]): Writes {
  const sum: Record<string, number> = {};
  for (const part of parts) for (const [place, count] of Object.entries(part)) sum[place] = (sum[place] ?? 0) + count;
  return sum;
}

/** A write of an event of the log into the indexes that it has the key of. DynamoDB copies it there after the transaction, once. */
function indexWrites(table: string, item: Item): Writes {
  const held = allIndexes.filter(({ attribute }) => item[attribute] !== undefined);
  return Object.fromEntries(
    held.map(({ name, attribute, holds }) => {
      const names = ['trail', 'sequence', 'time', attribute, ...holds];
      const entry = Object.fromEntries(Object.entries(item).filter(([one]) => names.includes(one)));
      return [`${table} ${name}`, units(bytesOfItem(entry))];
    }),
  );
}

/** Open remediations and open breakers are in an index. What is removed from it counts as well. */
const openWrites = (table: string, item: Item): Writes =>
  item.open !== undefined || item.key?.S?.startsWith('open ') ? { [`${table} ${openIndex.name}`]: 1 } : {};

interface Statement {
  readonly Statement: string;
  readonly Parameters?: readonly AttributeValue[];
}

/** `times`: a transaction writes each item twice. */
function statementWrites({ Statement, Parameters = [] }: Statement, times: number): Writes {
  if (Statement.startsWith('SELECT')) return {};
  const [, table = ''] = /"([^"]+)"/.exec(Statement) ?? [];
  if (!Statement.startsWith('INSERT')) return { [table]: times };
  const names = [...Statement.matchAll(/'(\w+)': \?/g)].map(([, name = '']) => name);
  const item: Item = Object.fromEntries(names.flatMap((name, index) => (Parameters[index] ? [[name, Parameters[index]]] : [])));
  const indexed = item.trail === undefined ? openWrites(table, item) : indexWrites(table, item);
  return sumOfWrites({ [table]: units(bytesOfItem(item)) * times }, indexed);
}

interface Write {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
}
type Part = Readonly<Record<string, Write>>;

const itemWrites = ({ TableName = '', Item, Key = {} }: Write, times: number): Writes =>
  sumOfWrites({ [TableName]: (Item ? units(bytesOfItem(Item)) : 1) * times }, openWrites(TableName, Item ?? Key));

interface Input extends Write {
  readonly TransactItems?: readonly Part[];
  readonly TransactStatements?: readonly Statement[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly unknown[] }>>;
}

/** The write units of a call, by table and index. Items that are updated or deleted are small: one unit each. */
export function dynamoWrites({ operation, input }: Pick<Call, 'operation' | 'input'>): Writes {
  const given = input as Input;
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return itemWrites(given, 1);
    case 'ExecuteStatement':
      return statementWrites(input as unknown as Statement, 1);
    case 'ExecuteTransaction':
      return sumOfWrites(...(given.TransactStatements ?? []).map((one) => statementWrites(one, 2)));
    case 'TransactWriteItems':
      return sumOfWrites(...(given.TransactItems ?? []).flatMap((part) => Object.values(part).map((one) => itemWrites(one, 2))));
    default:
      return {};
  }
}

/** The units of a call. Items that are read are small: one unit each. All reads are strongly consistent. */
export function dynamoUnits({ operation, input }: Pick<Call, 'operation' | 'input'>): Units {
  const { RequestItems = {}, TransactStatements = [], ...given } = input as Input & { readonly Statement?: string };
  const selects = (statement = '') => Number(statement.startsWith('SELECT'));
  switch (operation) {
    case 'GetItem':
    case 'Query':
      return { readUnit: 1 };
    case 'BatchGetItem':
      return { readUnit: Object.values(RequestItems).reduce((sum, { Keys = [] }) => sum + Keys.length, 0) };
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
    case 'TransactWriteItems':
      return { writeUnit: total(dynamoWrites({ operation, input })) };
    case 'ExecuteStatement':
    case 'ExecuteTransaction': {
      const readUnit = [given.Statement, ...TransactStatements.map(({ Statement }) => Statement)].reduce(
        (sum, one) => sum + selects(one),
        0,
      );
      const writeUnit = total(dynamoWrites({ operation, input }));
      return { ...(readUnit > 0 && { readUnit }), ...(writeUnit > 0 && { writeUnit }) };
    }
    default:
      throw new Error(`What ${operation} costs is not known: add it to test/price/dynamodb.ts.`);
  }
}

export const writesOf = (calls: readonly Pick<Call, 'service' | 'operation' | 'input'>[]): Writes =>
  sumOfWrites(...calls.filter(({ service }) => service === 'dynamodb').map(dynamoWrites));

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { allIndexes } from '../../functions/log/indexes';
import type { Call } from '../emulator/gateway';
import { sumOf, type Units } from './prices';

type Item = Readonly<Record<string, AttributeValue>>;

/** Bytes of a value. Source: the DynamoDB Developer Guide, "DynamoDB item sizes and formats". */
function bytesOf(value: AttributeValue): number {
  const { S, N, B, SS, NS, L, M } = value as AttributeValue.$UnknownMember & Record<string, never>;
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(String(N).length / 2) + 1;
  // As base64 in the request.
  if (B !== undefined) return Math.ceil((String(B).length * 3) / 4);
  if (SS !== undefined) return (SS as string[]).reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  if (NS !== undefined) return (NS as string[]).reduce((sum, one) => sum + Math.ceil(one.length / 2) + 1, 0);
  if (L !== undefined) return 3 + (L as AttributeValue[]).reduce((sum, one) => sum + 1 + bytesOf(one), 0);
  if (M !== undefined) return 3 + bytesOfItem(M);
  return 1;
}

const bytesOfItem = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value), 0);
const units = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

/** A write of an event of the log into the indexes that it has the key of. DynamoDB copies it there after the transaction, once. */
function indexUnits(item: Item): number {
  return allIndexes
    .filter(({ attribute }) => item[attribute] !== undefined)
    .reduce((sum, { attribute, holds }) => {
      const names = ['trail', 'sequence', 'time', attribute, ...holds];
      return sum + units(bytesOfItem(Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))));
    }, 0);
}

/** Open remediations and open breakers are in an index. What is removed from it counts as well. */
const openUnits = (item: Item): number => (item.open !== undefined || item.key?.S?.startsWith('open ') ? 1 : 0);

interface Statement {
  readonly Statement: string;
  readonly Parameters?: readonly AttributeValue[];
}

/** `times`: a transaction writes each item twice. */
function statementUnits({ Statement, Parameters = [] }: Statement, times: number): Units {
  if (Statement.startsWith('SELECT')) return { readUnit: 1 };
  if (!Statement.startsWith('INSERT')) return { writeUnit: times };
  const names = [...Statement.matchAll(/'(\w+)': \?/g)].map(([, name = '']) => name);
  const item: Item = Object.fromEntries(names.flatMap((name, index) => (Parameters[index] ? [[name, Parameters[index]]] : [])));
  const indexed = item.trail === undefined ? openUnits(item) : indexUnits(item);
  return { writeUnit: units(bytesOfItem(item)) * times + indexed };
}

type Part = Readonly<Record<string, { readonly Item?: Item; readonly Key?: Item }>>;

function writeUnits({ Item, Key = {} }: { readonly Item?: Item; readonly Key?: Item }, times: number): Units {
  return { writeUnit: (Item ? units(bytesOfItem(Item)) : 1) * times + openUnits(Item ?? Key) };
}

/** The units of a call. Items that are read, updated or deleted are small: one unit each. All reads are strongly consistent. */
export function dynamoUnits({ operation, input }: Pick<Call, 'operation' | 'input'>): Units {
  const given = input as {
    readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly unknown[] }>>;
    readonly TransactItems?: readonly Part[];
    readonly TransactStatements?: readonly Statement[];
  };
  switch (operation) {
    case 'GetItem':
    case 'Query':
      return { readUnit: 1 };
    case 'BatchGetItem':
      return { readUnit: Object.values(given.RequestItems ?? {}).reduce((sum, { Keys = [] }) => sum + Keys.length, 0) };
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return writeUnits(input, 1);
    case 'ExecuteStatement':
      return statementUnits(input as unknown as Statement, 1);
    case 'ExecuteTransaction':
      return sumOf(...(given.TransactStatements ?? []).map((one) => [statementUnits(one, 2), 1] as const));
    case 'TransactWriteItems':
      return sumOf(...(given.TransactItems ?? []).flatMap((part) => Object.values(part).map((one) => [writeUnits(one, 2), 1] as const)));
    default:
      throw new Error(`What ${operation} costs is not known: add it to test/price/dynamodb.ts.`);
  }
}

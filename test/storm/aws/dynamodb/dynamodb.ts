import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError, NotSimulated } from '../error';
import type { Request, Service } from '../request';
import { conditionOf } from './condition';
import { insertionOf } from './partiql';
import { Table, type TableShape, type Written } from './table';
import { updated } from './update';
import type { Item } from './value';

export interface DynamoDb {
  readonly service: Service;
  table(name: string): Table;
}

/** What an operation or a part of a transaction would do to an item. */
interface Write {
  readonly table: Table;
  readonly key: Item;
  readonly before: Item | undefined;
  /** The item afterwards; `keep` if it is only checked. */
  readonly after: Item | undefined | 'keep';
}

/** Tables with the semantics that AWS documents for one Region: every call is atomic, reads are consistent. `onWrite` sees every write that took effect. */
export function dynamoDb(shapes: readonly TableShape[], onWrite: (written: Written, request: Request) => void): DynamoDb {
  const tables = new Map(shapes.map((shape) => [shape.name, new Table(shape)]));

  const service: Service = {
    GetItem: ({ input }) => {
      const table = tableOf(input.TableName);
      const Item = table.get(table.keyOf(input.Key));
      return { ...(Item && { Item }) };
    },

    BatchGetItem({ input }) {
      const Responses: Record<string, Item[]> = {};
      for (const [name, { Keys }] of Object.entries<{ Keys: Item[] }>(input.RequestItems)) {
        const table = tableOf(name);
        if (Keys.length > 100) throw new AwsError('ValidationException', 'Too many items requested for the BatchGetItem call');
        Responses[name] = Keys.map((key) => table.get(table.keyOf(key))).filter((item) => item !== undefined);
      }
      return { Responses, UnprocessedKeys: {} };
    },

    PutItem: (request) => single(request, put(request.input)),

    DeleteItem: (request) => single(request, remove(request.input)),

    UpdateItem: (request) => single(request, update(request.input)),

    Query: ({ input }) => query(input),

    TransactWriteItems(request) {
      const parts = request.input.TransactItems as readonly Readonly<Record<string, never>>[];
      return transact(
        request,
        parts.map((part) => () => partOf(part)),
      );
    },

    ExecuteStatement(request) {
      const { table: name, item } = insertionOf(request.input.Statement, request.input.Parameters);
      const write = insertion(name, item);
      refuseBusy(write, request.now);
      if (write.before) throw new AwsError('DuplicateItemException', 'Duplicate primary key exists in table');
      commit(write, request);
      return {};
    },

    ExecuteTransaction(request) {
      const statements = request.input.TransactStatements as readonly { Statement: string; Parameters?: AttributeValue[] }[];
      return transact(
        request,
        statements.map(({ Statement, Parameters }) => () => {
          const { table: name, item } = insertionOf(Statement, Parameters);
          const write = insertion(name, item);
          if (write.before) throw new AwsError('DuplicateItem', 'Duplicate primary key exists in table');
          return write;
        }),
      );
    },
  };

  return { service, table: tableOf };

  function tableOf(name: string): Table {
    const table = tables.get(name);
    if (!table) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return table;
  }

  function put(input: Request['input']): Write {
    const table = tableOf(input.TableName);
    table.checkSize(input.Item);
    const key = table.keyOf(input.Item);
    return checked({ table, key, before: table.get(key), after: input.Item }, input);
  }

  function remove(input: Request['input']): Write {
    const table = tableOf(input.TableName);
    const key = table.keyOf(input.Key);
    return checked({ table, key, before: table.get(key), after: undefined }, input);
  }

  function update(input: Request['input']): Write {
    const table = tableOf(input.TableName);
    const key = table.keyOf(input.Key);
    const before = table.get(key);
    const write = checked({ table, key, before, after: 'keep' }, input);
    const after = updated(before ?? key, input.UpdateExpression ?? '', givenIn(input));
    table.checkSize(after);
    return { ...write, after };
  }

  function insertion(name: string, item: Item): Write {
    const table = tableOf(name);
    table.checkSize(item);
    const key = table.keyOf(item);
    return { table, key, before: table.get(key), after: item };
  }

  function partOf(part: Readonly<Record<string, Request['input']>>): Write {
    if (part.Put) return put(part.Put);
    if (part.Update) return update(part.Update);
    if (part.Delete) return remove(part.Delete);
    const table = tableOf(part.ConditionCheck.TableName);
    const key = table.keyOf(part.ConditionCheck.Key);
    return checked({ table, key, before: table.get(key), after: 'keep' }, part.ConditionCheck);
  }

  function single(request: Request, write: Write): object {
    refuseBusy(write, request.now);
    commit(write, request);
    const { before = {}, after } = write;
    const { ReturnValues = 'NONE' } = request.input;
    if (ReturnValues === 'NONE') return {};
    if (ReturnValues === 'ALL_NEW') return { Attributes: after };
    if (ReturnValues === 'ALL_OLD') return write.before ? { Attributes: before } : {};
    if (ReturnValues !== 'UPDATED_NEW' || after === undefined || after === 'keep') throw new NotSimulated(`ReturnValues ${ReturnValues}`);
    return { Attributes: Object.fromEntries(Object.entries(after).filter(([name, value]) => value !== before[name])) };
  }

  /** All parts or none. */
  function transact(request: Request, parts: readonly (() => Write)[]): object {
    if (parts.length === 0 || parts.length > 100)
      throw new AwsError('ValidationException', 'Member must have length less than or equal to 100, and at least 1');
    const results = parts.map((part) => attempt(part, request.now));
    const texts = results.flatMap((result) =>
      'write' in result ? [`${result.write.table.shape.name} ${JSON.stringify(result.write.key)}`] : [],
    );
    if (new Set(texts).size < texts.length)
      throw new AwsError('ValidationException', 'Transaction request cannot include multiple operations on one item');
    if (results.some((result) => 'Code' in result)) {
      const CancellationReasons = results.map((result) => ('Code' in result ? result : { Code: 'None' }));
      const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
      const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
      throw new AwsError('TransactionCanceledException', message, 400, { CancellationReasons });
    }
    for (const result of results) {
      if (!('write' in result)) continue;
      result.write.table.markBusy(result.write.key, request.now);
      commit(result.write, request);
    }
    return {};
  }

  function commit({ table, key, before, after }: Write, request: Request): void {
    if (after === 'keep') return;
    table.set(key, after);
    onWrite({ table: table.shape.name, before, after }, request);
  }

  function query(input: Request['input']): object {
    const table = tableOf(input.TableName);
    const keys = input.IndexName === undefined ? table.shape : table.shape.indexes?.[input.IndexName];
    const given = givenIn(input);
    const matches = conditionOf(input.KeyConditionExpression);
    const value = partitionValue(input, keys?.partition ?? '');
    const items = table.partitionOf(value, input.IndexName);
    const start = input.ExclusiveStartKey && table.get(table.keyOf(input.ExclusiveStartKey));
    const step = input.ScanIndexForward === false ? -1 : 1;
    const first = step === 1 ? 0 : items.length - 1;
    const limit = input.Limit ?? 1000;
    const found: Item[] = [];
    // One more than the page tells whether there is another.
    for (let index = start ? items.indexOf(start) + step : first; found.length <= limit; index += step) {
      const item = items[index];
      if (!item) break;
      if (matches(item, given)) found.push(item);
    }
    const page = found.slice(0, limit);
    const filter = input.FilterExpression === undefined ? undefined : conditionOf(input.FilterExpression);
    const last = page.at(-1);
    const more = found.length > limit;
    const Items = filter ? page.filter((item) => filter(item, given)) : page;
    return { Items, Count: Items.length, ScannedCount: page.length, ...(more && last && { LastEvaluatedKey: table.keyOf(last) }) };
  }
}

const givenIn = (input: Request['input']) => ({ names: input.ExpressionAttributeNames, values: input.ExpressionAttributeValues });

/** The value that the key condition demands of the partition key. */
function partitionValue(input: Request['input'], partition: string): string {
  for (const [, name = '', value = ''] of String(input.KeyConditionExpression).matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    if ((input.ExpressionAttributeNames?.[name] ?? name) === partition)
      return String(Object.values(input.ExpressionAttributeValues?.[value] ?? {})[0]);
  }
  throw new AwsError('ValidationException', `Query condition missed key schema element: ${partition}`);
}

function checked(write: Write, input: Request['input']): Write {
  if (input.ConditionExpression !== undefined && !conditionOf(input.ConditionExpression)(write.before ?? {}, givenIn(input)))
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, {
      ...(input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && write.before && { Item: write.before }),
    });
  return write;
}

function refuseBusy({ table, key }: Write, now: number): void {
  if (table.isBusy(key, now)) throw new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
}

type Attempted = { readonly write: Write } | { readonly Code: string; readonly Message: string };

/** A part of a transaction, or the reason for which it cancels all. */
function attempt(part: () => Write, now: number): Attempted {
  try {
    const write = part();
    return write.table.isBusy(write.key, now) ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' } : { write };
  } catch (error) {
    if (!(error instanceof AwsError) || !['ConditionalCheckFailedException', 'DuplicateItem'].includes(error.code)) throw error;
    return { Code: error.code.replace('Exception', ''), Message: error.message };
  }
}

import { errorAnswer, jsonAnswer } from './error';
import type { Operation } from './operation';
import type { AwsRequest } from './request';
import type { Answer } from './upstream';

/** A value of DynamoDB on the wire. */
type Value = Readonly<Record<string, unknown>>;

/** A statement, as far as the gateway understands it: `item` for an INSERT, else `where` with the attributes that have to equal a value. */
export interface PartiQl {
  readonly verb: 'Insert' | 'Update' | 'Delete' | 'Select';
  readonly table: string;
  readonly item?: Readonly<Record<string, Value>>;
  readonly where?: Readonly<Record<string, Value>>;
}

interface Given {
  readonly Statement?: string;
  readonly Parameters?: readonly Value[];
}

const operations = ['ExecuteStatement', 'ExecuteTransaction', 'BatchExecuteStatement'];

/** The statements of a call; none of any other call. */
export const statementsOf = ({ service, name, input }: Pick<Operation, 'service' | 'name' | 'input'>): readonly PartiQl[] => {
  if (service !== 'dynamodb' || !operations.includes(name)) return [];
  const given = (input.TransactStatements ?? input.Statements ?? [input]) as readonly Given[];
  return given.map(parsed);
};

const verbs: Readonly<Record<string, PartiQl['verb']>> = { update: 'Update', delete: 'Delete' };

const parsed = ({ Statement = '', Parameters = [] }: Given): PartiQl => {
  const [, verb = '', table = ''] =
    /^\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM|SELECT\b.*?\bFROM|EXISTS\s*\(\s*SELECT\b.*?\bFROM)\s+"?([\w.-]+)"?/is.exec(Statement) ?? [];
  const word = /^\w+/.exec(verb)?.[0]?.toLowerCase() ?? '';
  if (word === 'insert') return { verb: 'Insert', table, item: itemIn(Statement, Parameters) };
  return { verb: verbs[word] ?? 'Select', table, where: equalsIn(Statement, Parameters) };
};

/** The attributes of a WHERE clause that have to equal a value. */
const equalsIn = (statement: string, parameters: readonly Value[]): Readonly<Record<string, Value>> => {
  const [, before = '', clause = ''] = /^(.*?)\bWHERE\b(.*)$/is.exec(statement) ?? [];
  let next = before.split('?').length - 1;
  const found: Record<string, Value> = {};
  for (const [, name, value = ''] of clause.matchAll(/(?:"?([\w.-]+)"?\s*=\s*)?(\?|'(?:[^']|'')*')/g)) {
    const given = value === '?' ? parameters[next++] : { S: value.slice(1, -1).replaceAll("''", "'") };
    if (name !== undefined && given !== undefined) found[name] = given;
  }
  return found;
};

/** The item of an INSERT: `{'name': ?, 'other': 'text', 'third': 1}`. */
const itemIn = (statement: string, parameters: readonly Value[]): Readonly<Record<string, Value>> => {
  const [, body] = /\bVALUE\s*\{(.*)\}\s*$/is.exec(statement) ?? [];
  if (body === undefined) throw new Error(`The gateway can't read the statement ${statement.slice(0, 200)}.`);
  let next = 0;
  const pairs = [...body.matchAll(/'([^']+)'\s*:\s*(\?|'(?:[^']|'')*'|-?\d+(?:\.\d+)?)\s*(?:,|$)/g)];
  if (pairs.map(([text]) => text).join('').length < body.replace(/\s/g, '').length)
    throw new Error(`The gateway can't read the item of ${statement.slice(0, 200)}.`);
  return Object.fromEntries(
    pairs.map(([, name = '', value = '']) => {
      if (value === '?') return [name, parameters[next++] ?? {}];
      return [name, value.startsWith("'") ? { S: value.slice(1, -1).replaceAll("''", "'") } : { N: value }];
    }),
  );
};

const duplicate = 'Duplicate primary key exists in table';

/**
 * Inserts as AWS does: an existing key is refused. The emulator's PartiQL overwrites it, so it gets a conditional put instead. Undefined for
 * any other statement.
 */
export const insertion = (
  operation: Operation,
  partitionKeyOf: (table: string) => string | undefined,
): { readonly as: (request: AwsRequest) => AwsRequest; readonly answered: (answer: Answer) => Answer } | undefined => {
  const statements = statementsOf(operation);
  if (statements.length === 0 || !statements.every(({ verb }) => verb === 'Insert')) return undefined;
  const puts = statements.map(({ table, item = {} }) => {
    const key = partitionKeyOf(table);
    return {
      TableName: table,
      Item: item,
      ...(key !== undefined && { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': key } }),
    };
  });
  if (operation.name === 'ExecuteStatement') return { as: calling('PutItem', puts[0] ?? {}), answered: one(operation) };
  if (operation.name !== 'ExecuteTransaction') return undefined;
  return {
    as: calling('TransactWriteItems', { TransactItems: puts.map((Put) => ({ Put })) }),
    answered: several(operation, statements.length),
  };
};

const calling =
  (name: string, body: object) =>
  (request: AwsRequest): AwsRequest => ({
    ...request,
    rawHeaders: request.rawHeaders.map((text) => (/^DynamoDB_\d+\.\w+$/.test(text) ? text.replace(/\.\w+$/, `.${name}`) : text)),
    body: Buffer.from(JSON.stringify(body)),
  });

const errorOf = (answer: Answer): { readonly code: string; readonly reasons?: readonly { readonly Code: string; Message?: string }[] } => {
  const body = JSON.parse(answer.body.toString()) as {
    readonly __type?: string;
    readonly CancellationReasons?: readonly { readonly Code: string }[];
  };
  return { code: body.__type?.split('#').at(-1) ?? '', ...(body.CancellationReasons && { reasons: body.CancellationReasons }) };
};

const one =
  (operation: Operation) =>
  (answer: Answer): Answer => {
    if (answer.status === 200) return jsonAnswer({ Items: [] });
    if (errorOf(answer).code !== 'ConditionalCheckFailedException') return answer;
    return errorAnswer(operation, { status: 400, code: 'DuplicateItemException', message: duplicate });
  };

const several =
  (operation: Operation, count: number) =>
  (answer: Answer): Answer => {
    if (answer.status === 200) return jsonAnswer({ Responses: Array.from({ length: count }, () => ({})) });
    const { code, reasons } = errorOf(answer);
    if (code !== 'TransactionCanceledException' || !reasons) return answer;
    const CancellationReasons = reasons.map((reason) =>
      reason.Code === 'ConditionalCheckFailed' ? { Code: 'DuplicateItem', Message: duplicate } : reason,
    );
    return cancelled(operation, CancellationReasons);
  };

const cancelled = (operation: Operation, CancellationReasons: readonly { readonly Code: string; readonly Message?: string }[]): Answer => {
  const code = 'TransactionCanceledException';
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  const refused = errorAnswer(operation, { status: 400, code, message: Message });
  return { ...refused, body: Buffer.from(JSON.stringify({ __type: code, Message, CancellationReasons })) };
};

/**
 * Updates as AWS does: an UPDATE never makes an item. The emulator's takes one of nothing for done, so the items are read before, in the same
 * turn. Undefined if all are there.
 */
export const updateOfNothing = async (
  operation: Operation,
  keysOf: (table: string) => readonly string[],
  send: (as: (request: AwsRequest) => AwsRequest) => Promise<Answer>,
): Promise<Answer | undefined> => {
  const statements = statementsOf(operation);
  const updates = operation.name === 'BatchExecuteStatement' ? [] : statements.filter(({ verb }) => verb === 'Update');
  const missing = new Set<PartiQl>();
  for (const update of updates) {
    const key = keysOf(update.table).flatMap((name) => (update.where?.[name] ? [[name, update.where[name]] as const] : []));
    const found = await send(calling('GetItem', { TableName: update.table, Key: Object.fromEntries(key), ConsistentRead: true }));
    if (found.status === 200 && !('Item' in (JSON.parse(found.body.toString()) as object))) missing.add(update);
  }
  if (missing.size === 0) return undefined;
  if (operation.name === 'ExecuteStatement')
    return errorAnswer(operation, { status: 400, code: 'ConditionalCheckFailedException', message: unmet });
  return cancelled(
    operation,
    statements.map((one) => (missing.has(one) ? { Code: 'ConditionalCheckFailed', Message: unmet } : { Code: 'None' })),
  );
};

const unmet = 'The conditional request failed';

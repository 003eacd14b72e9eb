import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../error';
import type { Item } from './value';

/** The table and the item of `INSERT INTO "table" VALUE {'attribute': ?, …}`, the one statement that is used. Any other is refused. */
export function insertionOf(
  statement: string,
  parameters: readonly AttributeValue[] = [],
): { readonly table: string; readonly item: Item } {
  const [, table, body] = /^\s*INSERT\s+INTO\s+"([\w.-]+)"\s+VALUE\s*\{(.*)\}\s*$/is.exec(statement) ?? [];
  if (table === undefined || body === undefined)
    throw invalid(`Statement wasn't well formed, can't be processed: ${statement.slice(0, 80)}`);
  const names = [...body.matchAll(/'((?:[^']|'')*)'\s*:\s*\?\s*(,|$)/g)].map(([, name = '']) => name.replaceAll("''", "'"));
  const rest = body.replaceAll(/'((?:[^']|'')*)'\s*:\s*\?\s*(,|$)/g, '').trim();
  if (rest !== '' || names.length === 0) throw invalid(`Unexpected token in ${rest.slice(0, 80)}`);
  if (names.length !== parameters.length) throw invalid("Number of parameters in request and statement don't match.");
  if (new Set(names).size !== names.length) throw invalid('A name occurs twice.');
  return { table, item: Object.fromEntries(names.map((name, index) => [name, parameters[index] as AttributeValue])) };
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

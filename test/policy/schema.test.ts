import { readFileSync } from 'node:fs';
import path from 'node:path';
import { jsonSchema, jsonSchemaText } from '../../functions/policy/json-schema';

const root = path.resolve(__dirname, '../..');
const file = (name: string) => readFileSync(path.join(root, name), 'utf8');

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
}

describe('the JSON Schema of the policy file', () => {
  it('is not stale', () => {
    expect(file('posture.schema.json')).toBe(jsonSchemaText());
  });

  it('is named by the policy file, so that editors find it', () => {
    expect(file('posture.yaml')).toMatch(/^# yaml-language-server: \$schema=\.\/posture\.schema\.json\n/);
  });

  it('tells of every key what it is for', () => {
    const untold = (schema: Schema, at: string): readonly string[] => [
      ...Object.entries(schema.properties ?? {}).flatMap(([key, one]) => [
        ...(one.description ? [] : [`${at}${key}`]),
        ...untold(one, `${at}${key}.`),
      ]),
      ...(schema.items ? untold(schema.items, at) : []),
    ];
    expect(untold(jsonSchema() as Schema, '')).toEqual([]);
  });

  it('asks for nothing that has a default, and knows every key', () => {
    const schema = jsonSchema() as Schema;
    expect([schema.required, schema.additionalProperties]).toEqual([undefined, false]);
    expect(schema.properties?.exemptions?.items).toMatchObject({ additionalProperties: false, required: ['reason', 'owner', 'expires'] });
  });
});

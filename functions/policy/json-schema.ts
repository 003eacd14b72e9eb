import * as z from 'zod';
import { policy } from './policy';

/** The JSON Schema of the policy file, for editors; optional keys are not required. */
export const jsonSchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...rest } = z.toJSONSchema(policy, { io: 'input' });
  return { $schema, title: 'posture.yaml', description: 'Defines which changes the posture remediator can make.', ...rest };
};

/** The text of `posture.schema.json`. */
export const jsonSchemaText = (): string => `${JSON.stringify(jsonSchema(), null, 2)}\n`;

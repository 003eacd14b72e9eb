import * as z from 'zod';
import { policy } from './policy';

/** The JSON Schema of the policy file, for editors: what may be left out is not required. */
export const jsonSchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...rest } = z.toJSONSchema(policy, { io: 'input' });
  return { $schema, title: 'posture.yaml', description: 'What the posture remediator may do.', ...rest };
};

/** As it stands in `posture.schema.json`. */
export const jsonSchemaText = (): string => `${JSON.stringify(jsonSchema(), null, 2)}\n`;

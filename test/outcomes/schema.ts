import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { outcomeEventShape } from '../../functions/outcomes/outcome-schema';

const file = path.resolve(__dirname, '../../functions/outcomes/outcome-event.v1.schema.json');

/** The JSON Schema of our events, for those who listen, as the code has it. */
export function eventSchema(): object {
  // As input: those who validate by it have to let fields pass that a later version of the code adds.
  const schema = z.toJSONSchema(outcomeEventShape, { io: 'input' });
  const title = 'Posture Remediation, version 1';
  return { ...schema, $id: 'posture-remediation.v1', title };
}

export const publishedSchema = (): object => JSON.parse(readFileSync(file, 'utf8')) as object;

if (require.main === module) writeFileSync(file, `${JSON.stringify(eventSchema(), null, 2)}\n`);

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { requestShape } from '../../functions/sources/custom/shape';

const file = path.resolve(__dirname, '../../functions/requests/remediation-requested.v1.schema.json');

/** The JSON Schema of the detail of requests, for the tools that send them, as the code has it. */
export function requestSchema(): object {
  // As input: what a tool sends, before its times are written in one form.
  const schema = z.toJSONSchema(requestShape, { io: 'input' });
  return { ...schema, $id: 'posture-remediation-requested.v1', title: 'Remediation Requested, version 1' };
}

export const publishedRequestSchema = (): object => JSON.parse(readFileSync(file, 'utf8')) as object;

if (require.main === module) writeFileSync(file, `${JSON.stringify(requestSchema(), null, 2)}\n`);

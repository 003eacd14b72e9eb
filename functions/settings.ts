import * as z from 'zod';
import { quote } from './untrusted-text';

/** A non-empty string. The description of the allowed values is used in error messages. */
export const text = (what: string) => z.string().min(1).describe(what);
export const arn = (what: string) => z.string().startsWith('arn:').describe(`the ARN of ${what}`);
export const accountId = z
  .string()
  .regex(/^\d{12}$/)
  .describe('a 12-digit account id');
/** The ids of the AppConfig application, environment and configuration profile. */
export const configuration = z
  .string()
  .regex(/^[^/]+\/[^/]+\/[^/]+$/)
  .describe("the policy's application, environment and profile in AppConfig, such as abc1234/def5678/ghi9012");

/** Reads a function's settings from its environment variables. Throws an error with each invalid one, its value, and the allowed values. */
export function readSettings<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<Shape>> {
  const parsed = shape.safeParse(variables);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  const problems = names.map((name) => {
    const given = variables[name];
    const allowed = (shape.shape[name] as z.ZodType | undefined)?.description ?? 'another value';
    return `${name} is ${given === undefined ? 'not set' : quote(given)} and must be ${allowed}`;
  });
  throw new Error(`The environment variables of the function are invalid: ${problems.join('; ')}. Deploy the stack again.`);
}

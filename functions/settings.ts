import * as z from 'zod';
import { quote } from './untrusted-text';

/** A text that is not empty. What is allowed is said in a description: it stands in the sentence that names a wrong one. */
export const text = (what: string) => z.string().min(1).describe(what);
export const arn = (what: string) => z.string().startsWith('arn:').describe(`the ARN of ${what}`);
export const accountId = z
  .string()
  .regex(/^\d{12}$/)
  .describe('an account id of twelve digits');
/** AppConfig's application, environment and configuration profile, by id. */
export const configuration = z
  .string()
  .regex(/^[^/]+\/[^/]+\/[^/]+$/)
  .describe("the policy's application, environment and profile in AppConfig, such as abc1234/def5678/ghi9012");

/** Reads a function's settings from its environment variables. Throws a sentence that names each wrong one, its value, and what it has to be. */
export function readSettings<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<Shape>> {
  const parsed = shape.safeParse(variables);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  const faults = names.map((name) => {
    const given = variables[name];
    const allowed = (shape.shape[name] as z.ZodType | undefined)?.description ?? 'another value';
    return `${name} is ${given === undefined ? 'not set' : quote(given)} and has to be ${allowed}`;
  });
  throw new Error(`The function does nothing, because its environment variables are invalid: ${faults.join('; ')}. Deploy it again.`);
}

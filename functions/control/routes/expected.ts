import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '../../canonical-json';

/** A route as the template deployed it. */
const expectedRoute = z.strictObject({
  name: z.string(),
  /** Left out, the default bus. */
  bus: z.string().optional(),
  state: z.enum(['ENABLED', 'DISABLED']),
  /** `hashOf` what it matches; the text itself where CloudFormation completes it. */
  matches: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** The resource in the ARN of its target, which may end with `*`: `function:posture-rule-s3-bucket-versioning-enabled`. */
  target: z.string(),
});

export type ExpectedRoute = z.infer<typeof expectedRoute>;

/** The routes in a setting; throws where the text is no JSON of routes. */
export const readRoutes = (text: string): readonly ExpectedRoute[] => z.array(expectedRoute).parse(JSON.parse(text));

export function isRoutes(text: string): boolean {
  try {
    readRoutes(text);
    return true;
  } catch {
    return false;
  }
}

/** An event pattern or the expression of a schedule, as short text. White space and the order of keys make no difference. */
export const hashOf = (matched: unknown): string => createHash('sha256').update(canonicalJson(matched)).digest('hex').slice(0, 16);

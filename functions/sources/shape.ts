import * as z from 'zod';
import { isRegion } from '../aws/region';
import { quote } from '../untrusted-text';
import { valueAt } from '../value-at';

const field = (allowed: string, shape: RegExp, maxLength = 2048) =>
  z.string({ error: allowed }).max(maxLength, { error: allowed, abort: true }).regex(shape, { error: allowed });

export const text = field('a text of 1 to 2048 printable ASCII characters', /^[ -~]+$/);
export const reference = field('a name of 1 to 2048 printable ASCII characters without spaces', /^[!-~]+$/);
// Lone surrogates are no text, and canonical JSON rejects them.
export const freeText = (maxLength: number) => field(`a text of 1 to ${maxLength} characters`, /^\P{Cs}+$/su, maxLength);
export const accountId = field('a 12-digit account id', /^\d{12}$/);
export const region = field('the name of an AWS Region, such as eu-west-1', /^[a-z0-9-]+$/, 64).refine(isRegion, {
  error: 'the name of an AWS Region, such as eu-west-1',
});
const instant = 'a time in ISO 8601, such as 2026-03-01T09:30:00Z';
export const time = field(instant, /^\d{4}-/, 64)
  .pipe(z.iso.datetime({ offset: true, error: instant }))
  .transform((at) => new Date(at).toISOString());

/** A list of 1 to `maxLength` items. */
export const list = <Item extends z.ZodType>(item: Item, maxLength: number) => {
  const allowed = `a list of 1 to ${maxLength}`;
  return z.array(item, { error: allowed }).min(1, { error: allowed }).max(maxLength, { error: allowed });
};

/** An object with at least these fields; others are removed. */
export const record = <Fields extends z.ZodRawShape>(fields: Fields) => z.object(fields, { error: 'an object' });

/** The value if it has the shape; otherwise a sentence about the first error. `at` is the path of the value in the event. */
export function check<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  at: string,
): { readonly value: z.infer<Shape> } | { readonly problem: string } {
  const parsed = shape.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const { path = [], message = 'something else' } = parsed.error.issues[0] ?? {};
  const where = path.reduce<string>((so, key) => (typeof key === 'number' ? `${so}[${key}]` : `${so}.${String(key)}`), at);
  return { problem: `${where} is ${quote(valueAt(value, path))}, and must be ${message}.` };
}

import * as z from 'zod';
import type { Rule } from '../../rules/rule';

/** The parameters by the rule's own schema, defaults filled in; or what is wrong with them. */
export function readParameters(
  rule: Pick<Rule, 'id' | 'parameters'>,
  given: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | { readonly problem: string } {
  const schema = rule.parameters ?? z.strictObject({});
  const parsed = schema.safeParse(given);
  if (parsed.success) return { value: parsed.data };
  return {
    problem: `The parameters of ${rule.id} do not fit, so nothing is changed. ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
  };
}

import * as z from 'zod';
import type { Rule } from '../../../rules/rule';

/** A parameter of a rule, which the policy can set. */
interface OwnParameter {
  readonly name: string;
  readonly description: string;
  /** Undefined if it has none. */
  readonly default?: unknown;
  readonly isRequired: boolean;
}

export function ownParameters({ parameters: schema }: Pick<Rule, 'parameters'>): readonly OwnParameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { description?: string; default?: unknown }>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description = '', default: value }]) => ({
    name,
    description,
    default: value,
    isRequired: required.includes(name),
  }));
}

/** What holds where the policy does not set the parameter. */
export function unset({ default: value, isRequired }: OwnParameter): string {
  if (value !== undefined) return `default \`${JSON.stringify(value)}\``;
  return isRequired ? 'required' : 'no default';
}

import * as z from 'zod';
import { type Grant, toArray, type Rule } from '../../../rules/rule';
import { rolledBack } from './rolled-back';

/** What each rule of a service ensures, finds, changes and needs. */
export const servicePage = (service: string, rules: readonly Rule[]): string =>
  [
    `# The rules for ${service}`,
    '',
    'Written from the rules themselves by `npm run rules:page`; do not edit it by hand. [All rules](../README.md).',
    ...rules.flatMap(section),
    '',
  ].join('\n');

function section(rule: Rule): readonly string[] {
  const { id, title, why, impact, severity, risk, detectedBy, resource, permissions, property } = rule;
  return [
    '',
    `## ${id}`,
    '',
    `${title}. ${why}`,
    '',
    `- **What the owner notices**: ${impact}`,
    `- **Severity**: ${severity}. **Risk**: ${risk}. **Rolled back**: ${rolledBack(rule)}.`,
    `- **Resources**: ${list(toArray(resource).map(({ type }) => type))}`,
    `- **Found by**: Security Hub ${detectedBy.securityHub.join(', ') || 'no control'}; AWS Config ${list(detectedBy.config) || 'no managed rule'}`,
    ...(property ? [`- **In a template**: \`${property}\` is what to change where a template makes the resource`] : []),
    `- **Reads with**: ${grants([...toArray(permissions.inspect), ...toArray(resource).flatMap((kind) => kind.permissions ?? [])])}`,
    `- **Changes with**: ${grants(toArray(permissions.change))}`,
    ...parameters(rule),
  ];
}

const list = (names: readonly string[]): string => [...new Set(names)].map((name) => `\`${name}\``).join(', ');
const grants = (given: readonly Grant[]): string => list(given.flatMap(({ actions }) => actions));

function parameters({ parameters: schema }: Rule): readonly string[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { description?: string; default?: unknown }>;
    required?: readonly string[];
  };
  return [
    '- **Parameters**:',
    ...Object.entries(properties).map(([name, { description = '', default: value }]) => {
      const unset = required.includes(name) ? 'has to be set' : 'no default';
      const given = value === undefined ? unset : `default \`${JSON.stringify(value)}\``;
      return `  - \`${name}\` (${given})${description && `: ${description}`}`;
    }),
  ];
}

import * as z from 'zod';
import { type Grant, listed, type Rule } from '../../rules/rule';

const words = {
  yes: 'exactly',
  nearly: 'to the nearest state',
  partly: 'in part; the rest waits for an approval',
  never: 'no; waits for an approval',
};

/** The catalogue for people: what each rule ensures, finds, changes and needs. */
export function format(entries: readonly { readonly rule: Rule; readonly service: string }[]): string {
  const services = [...new Set(entries.map(({ service }) => service))];
  const controls = new Set(entries.flatMap(({ rule }) => rule.detectedBy.securityHub));
  return [
    '# The catalogue',
    '',
    'Written from the rules themselves by `npm run rules:page`; do not edit it by hand.',
    '',
    `${entries.length} rules answer the findings of ${controls.size} Security Hub controls.`,
    '',
    '| Rule | Controls | Severity | Risk | Rolled back |',
    '|---|---|---|---|---|',
    ...entries.map(({ rule }) => row(rule)),
    ...services.flatMap((service) => entries.filter((entry) => entry.service === service).flatMap(({ rule }) => section(rule))),
    '',
  ].join('\n');
}

const row = ({ id, title, detectedBy, severity, risk, reversible }: Rule): string =>
  `| [${id}](#${id}): ${cell(title)} | ${detectedBy.securityHub.join(', ')} | ${severity} | ${risk} | ${words[reversible ?? 'yes']} |`;

function section(rule: Rule): string[] {
  const { id, title, why, impact, severity, risk, reversible, detectedBy, resource, permissions } = rule;
  return [
    '',
    `## ${id}`,
    '',
    `${title}. ${why}`,
    '',
    `- **What the owner notices**: ${impact}`,
    `- **Severity**: ${severity}. **Risk**: ${risk}. **Rolled back**: ${words[reversible ?? 'yes']}.`,
    `- **Resources**: ${listed(resource)
      .map(({ type }) => `\`${type}\``)
      .join(', ')}`,
    `- **Found by**: Security Hub ${detectedBy.securityHub.join(', ') || 'no control'}; AWS Config ${list(detectedBy.config) || 'no managed rule'}`,
    `- **Reads with**: ${grants([...listed(permissions.inspect), ...listed(resource).flatMap((kind) => kind.permissions ?? [])])}`,
    `- **Changes with**: ${grants(listed(permissions.change))}`,
    ...parameters(rule),
  ];
}

const list = (names: readonly string[]): string => [...new Set(names)].map((name) => `\`${name}\``).join(', ');
const grants = (given: readonly Grant[]): string => list(given.flatMap(({ actions }) => actions));
const cell = (text: string): string => text.replaceAll('|', '\\|');

function parameters({ parameters: schema }: Rule): string[] {
  if (!schema) return [];
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { description?: string; default?: unknown }>;
  };
  return [
    '- **Parameters**:',
    ...Object.entries(properties).map(([name, { description = '', default: value }]) => {
      const given = value === undefined ? 'no default' : `default \`${JSON.stringify(value)}\``;
      return `  - \`${name}\` (${given})${description && `: ${description}`}`;
    }),
  ];
}

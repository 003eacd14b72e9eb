import { Command, Option } from 'commander';
import * as z from 'zod';
import { detectorsOf } from '../../../rules/detectors';
import { type Grant, type Risk, type Rule, type Severity, toArray } from '../../../rules/rule';
import { callOf } from '../../aws/call';
import { type CatalogueEntry, loadRules } from '../../catalogue/catalogue';
import { answersTo, expectKnown } from '../choose-rules';
import type { GlobalOptions } from '../global-options';
import { colours, note, print, printJson } from '../print/printed';
import { textTable } from '../print/text-table';

interface RulesOptions extends GlobalOptions {
  readonly service?: string;
  readonly control?: string;
  readonly severity?: Severity;
  readonly risk?: Risk;
  readonly text?: string;
}

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const risks: readonly Risk[] = ['safe', 'disruptive'];

const afterwards = `
Examples:
  posture rules
  posture rules --service s3 --severity high
  posture rules --control EC2.13
  posture rules --text "public access"
  posture rules s3-bucket-versioning-enabled`;

export function rulesCommand(): Command {
  return new Command('rules')
    .description('Lists the rules, or describes one: what it ensures and why, its impact, permissions, parameters and rollback.')
    .argument('[id]', 'the id of the rule to describe')
    .option('--service <name>', 'only rules for this service, such as s3')
    .option('--control <id>', 'only the rules for this Security Hub control or AWS Config rule, such as S3.14')
    .addOption(new Option('--severity <severity>', 'only this severity').choices(severities))
    .addOption(new Option('--risk <risk>', 'only this risk').choices(risks))
    .option('--text <words>', 'only rules whose description contains these words')
    .addHelpText('after', afterwards)
    .action((id: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<RulesOptions>();
      if (id === undefined) list(options);
      else explain(id, options);
    });
}

function list(options: RulesOptions): void {
  const all = loadRules();
  const { service, control } = options;
  if (service !== undefined)
    expectKnown('service', service, [...new Set(all.map((entry) => entry.service))], 'List the rules with `posture rules`');
  if (control !== undefined && !all.some((entry) => answersTo(entry, control)))
    expectKnown(
      'control',
      control,
      all.flatMap(({ rule: one }) => detectorsOf(one.detectedBy)),
      'List the rules with `posture rules`',
      true,
    );
  const found = all.filter((entry) => matches(entry, options));
  if (options.json) {
    printJson(found.map(asJson));
    return;
  }
  if (found.length === 0) {
    note('No rules found. Remove one of the filters.');
    return;
  }
  const { red, yellow, dim } = colours();
  const paint: Readonly<Record<string, (text: string) => string>> = { critical: red, high: red, medium: yellow, disruptive: yellow };
  print(
    textTable(
      ['rule', 'severity', 'risk', 'ensures'],
      found.map(({ rule }) => [rule.id, rule.severity, rule.risk, `${rule.title} (${detectedIn(rule)})`]),
      (cell, column) => (column === 1 || column === 2 ? (paint[cell]?.(cell) ?? cell) : cell),
    ),
  );
  print();
  print(dim(`${found.length} of ${all.length} rules. \`posture rules <id>\` describes one.`));
}

function detectedIn({ response, detectedBy: { securityHub, inspector } }: Rule): string {
  if (response) return 'response';
  return inspector && securityHub.length === 0 ? 'Inspector' : securityHub.join(', ');
}

function matches(entry: CatalogueEntry, { service, control, severity, risk, text }: RulesOptions): boolean {
  const { rule } = entry;
  const said = [rule.id, rule.title, rule.why, rule.impact, ...detectorsOf(rule.detectedBy)].join(' ').toLowerCase();
  return (
    (service === undefined || entry.service === service) &&
    (control === undefined || answersTo(entry, control)) &&
    (severity === undefined || rule.severity === severity) &&
    (risk === undefined || rule.risk === risk) &&
    (text === undefined ||
      text
        .toLowerCase()
        .split(/\s+/)
        .every((word) => said.includes(word)))
  );
}

function explain(id: string, { json }: RulesOptions): void {
  const all = loadRules();
  expectKnown(
    'rule',
    id,
    all.map(({ rule }) => rule.id),
    'List the rules with `posture rules`, or search with --text',
  );
  const entry = all.find(({ rule }) => rule.id === id) as CatalogueEntry;
  if (json) {
    printJson(asJson(entry));
    return;
  }
  const { bold, dim } = colours();
  const { rule } = entry;
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    print();
    print(bold(title));
    for (const line of lines) print(`  ${line}`);
  };
  print(
    `${bold(rule.id)}  ${dim(`${rule.severity} severity, ${rule.risk}${rule.exposes ? ', exposes the resource' : ''}${rule.response ? ', response to a threat' : ''}`)}`,
  );
  print(rule.title);
  section('Why', [rule.why]);
  section('Impact', [rule.impact]);
  section(
    'Resources',
    toArray(rule.resource).map(({ type, arn, scope }) => `${type}  ${arn}  ${scope}`),
  );
  section('Detected by', [
    ...rule.detectedBy.securityHub.map((control) => `Security Hub ${control}`),
    ...rule.detectedBy.config.map((name) => `AWS Config ${name}`),
    ...toArray(rule.detectedBy.guardDuty ?? [])
      .flatMap(({ types }) => types)
      .map((type) => `GuardDuty ${type}`),
    ...(rule.detectedBy.macie ?? []).map((type) => `Macie ${type}`),
    ...(rule.detectedBy.accessAnalyzer ?? []).map((name) => `IAM Access Analyzer ${name}`),
    ...(rule.detectedBy.inspector?.types ?? []).map((type) => `Inspector ${type}`),
  ]);
  section(
    'Read permissions',
    grantLines([...toArray(rule.permissions.inspect), ...toArray(rule.resource).flatMap(({ permissions = [] }) => permissions)]),
  );
  section('Change permissions', grantLines(toArray(rule.permissions.change)));
  section('Parameters', parametersOf(rule).map(parameterLine));
  section('Rollback', rollbackLines(rule));
}

/** The rule and its resource kind may need the same permissions: they are shown once. */
const grantLines = (grants: readonly Grant[]): readonly string[] => [
  ...new Set(
    grants.map(
      ({ actions, on, condition }) =>
        `${actions.join(', ')}  on ${toArray(on).join(', ')}${condition ? `  if ${JSON.stringify(condition)}` : ''}`,
    ),
  ),
];

const reach: Readonly<Record<NonNullable<Rule['reversible']> | 'fully', string>> = {
  fully: 'A rollback restores the exact previous state.',
  nearly: 'A rollback may restore only the closest possible state: the plan shows which, and why.',
  partly: 'Some changes are irreversible and require approval: the plan shows which, and why.',
  never: 'The changes are irreversible and require approval: the plan shows why.',
};

function rollbackLines(rule: Rule): readonly string[] {
  const commands = rule.commands.map((Command) => callOf(new Command({}))).map(({ service, operation }) => `${service}:${operation}`);
  return [
    'Before a change is made, it is logged together with the command that reverts it, which `posture rollback` sends.',
    `Commands for changes and rollbacks: ${commands.join(', ')}.`,
    reach[rule.reversible ?? 'fully'],
    rule.revertOwnPart
      ? "If the resource has changed since the fix, only the rule's own part is reverted."
      : 'If the resource has changed since the fix, a rollback is refused unless it is forced.',
    ...(rule.settle === undefined ? [] : [`A change can take ${rule.settle} seconds to take effect.`]),
  ];
}

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description?: string;
}

type Schema = { readonly [key: string]: unknown };

/** The parameters from the rule's schema. */
function parametersOf({ parameters }: Rule): readonly Parameter[] {
  if (!parameters) return [];
  const schema = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as Schema;
  const required = new Set((schema.required as readonly string[] | undefined) ?? []);
  return Object.entries((schema.properties as Readonly<Record<string, Schema>> | undefined) ?? {}).map(([name, one]) => ({
    name,
    type: typeOf(one),
    required: required.has(name),
    ...('default' in one && { default: one.default }),
    ...(typeof one.description === 'string' && { description: one.description }),
  }));
}

/** `number from 1 to 90`, `"a" or "b"`, `list of string` */
function typeOf(schema: Schema): string {
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (Array.isArray(schema.anyOf)) return (schema.anyOf as readonly Schema[]).map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf((schema.items as Schema | undefined) ?? {})}`;
  const bounds = [
    ['from', schema.minimum],
    ['to', schema.maximum],
    ['above', schema.exclusiveMinimum],
    ['below', schema.exclusiveMaximum],
  ].flatMap(([word, bound]) => (typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? [`${word} ${bound}`] : []));
  return [typeof schema.type === 'string' ? schema.type : 'any', ...bounds].join(' ');
}

const parameterLine = ({ name, type, required, default: value, description }: Parameter): string => {
  const preset = value === undefined ? [] : [`default ${JSON.stringify(value)}`];
  const traits = [type, ...(required ? ['required'] : preset)].join(', ');
  return [`${name} (${traits})`, description ?? ''].filter(Boolean).join('  ');
};

const asJson = (entry: CatalogueEntry) => {
  const { rule, service } = entry;
  const { id, title, why, impact, severity, risk, exposes, response, detectedBy, permissions, settle } = rule;
  return {
    id,
    service,
    title,
    why,
    impact,
    severity,
    risk,
    ...(exposes && { exposes }),
    ...(response && { response }),
    resources: toArray(rule.resource).map(({ type, arn, scope }) => ({ type, arn, scope })),
    detectedBy,
    permissions: {
      inspect: toArray(permissions.inspect),
      change: toArray(permissions.change),
      resource: toArray(rule.resource).flatMap((kind) => kind.permissions ?? []),
    },
    commands: rule.commands.map((Command) => callOf(new Command({}))).map(({ service: of, operation }) => `${of}:${operation}`),
    parameters: parametersOf(rule),
    reversible: rule.reversible ?? 'fully',
    revertsOwnPart: rule.revertOwnPart !== undefined,
    ...(settle !== undefined && { settleSeconds: settle }),
  };
};

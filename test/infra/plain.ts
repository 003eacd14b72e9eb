import type { Synthesis, Template } from '../../infra/synth';
import type { Json } from '../../rules/rule';

/** A resource of a template, its references written out. */
export interface PlainResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** The name that it has in AWS, if any. */
  readonly name: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a template is read by tests that say what they expect of it.
  readonly properties: any;
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': '{partition}',
  'AWS::Region': '{region}',
  'AWS::AccountId': '{account}',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '{nothing}',
};
const noValue = pseudo['AWS::NoValue'];

const nameKeys = ['TableName', 'QueueName', 'RoleName', 'FunctionName', 'LogGroupName', 'TopicName', 'AlarmName', 'Name'];

/**
 * All resources of all stacks: `{ Ref }` and `{ Fn::GetAtt }` as `<name>.<attribute>`, also across nested stacks; `{ Fn::Join }` as text;
 * `{ Fn::If }` as these parameters decide, each by its default if it is not given.
 */
export function plainResources(
  { templates }: Pick<Synthesis, 'templates'>,
  parameters: Readonly<Record<string, string>> = {},
): readonly PlainResource[] {
  return [...templates].flatMap(([stack, template]) =>
    Object.entries(template.Resources).map(([logicalId, { Type: type, Properties = {} }]) => ({
      stack,
      logicalId,
      type,
      name: nameOf(Properties),
      properties: plain(Properties, stack),
    })),
  );

  function plain(value: Json | undefined, stack: string): Json {
    if (Array.isArray(value)) return value.map((item: Json) => plain(item, stack)).filter((item) => item !== noValue);
    if (typeof value !== 'object' || value === null) return value ?? null;
    const node = value as Readonly<Record<string, Json>>;
    if (typeof node['Ref'] === 'string') return pseudo[node['Ref']] ?? reference(node['Ref'], 'Ref', stack);
    if (Array.isArray(node['Fn::GetAtt'])) return reference(String(node['Fn::GetAtt'][0]), String(node['Fn::GetAtt'][1]), stack);
    if (Array.isArray(node['Fn::If'])) return plain(node['Fn::If'][isMet(String(node['Fn::If'][0]), stack) ? 1 : 2], stack);
    if (Array.isArray(node['Fn::Split'])) return String(plain(node['Fn::Split'][1], stack)).split(String(node['Fn::Split'][0]));
    if (Array.isArray(node['Fn::Join']))
      return (plain(node['Fn::Join'][1] as Json, stack) as readonly string[]).join(String(node['Fn::Join'][0]));
    return Object.fromEntries(
      Object.entries(node)
        .map(([key, item]) => [key, plain(item, stack)] as const)
        .filter(([, item]) => item !== noValue),
    );
  }

  function isMet(name: string, stack: string): boolean {
    return holds(templates.get(stack)?.Conditions?.[name]);

    function holds(condition: Json | undefined): boolean {
      const node = (condition ?? {}) as Readonly<Record<string, readonly Json[]>>;
      if (node['Fn::Equals']) {
        const [one, other] = node['Fn::Equals'].map((each) => JSON.stringify(plain(each, stack)));
        return one === other;
      }
      if (node['Fn::Not']) return !holds(node['Fn::Not'][0]);
      if (node['Fn::And']) return node['Fn::And'].every(holds);
      throw new Error(`${stack} has no condition ${name} that can be read: ${JSON.stringify(condition)}.`);
    }
  }

  function reference(logicalId: string, attribute: string, stack: string): Json {
    const template = templates.get(stack) as Template;
    const resource = template.Resources[logicalId];
    if (resource) return `${nameOf(resource.Properties ?? {}) ?? logicalId}.${attribute}`;
    const parameter = template.Parameters?.[logicalId];
    if (parameter?.Default !== undefined) return parameters[logicalId] ?? parameter.Default;
    const [parent = '', service] = stack.split('/');
    const nested = Object.entries(templates.get(parent)?.Resources ?? {}).find(
      ([id, { Type }]) => Type === 'AWS::CloudFormation::Stack' && id.startsWith(`${service}NestedStack`),
    );
    const given = (nested?.[1].Properties?.['Parameters'] as Readonly<Record<string, Json>> | undefined)?.[logicalId];
    if (given === undefined) throw new Error(`${stack} refers to ${logicalId}, which neither it nor ${parent} has.`);
    return plain(given, parent);
  }
}

function nameOf(properties: Readonly<Record<string, Json>>): string | undefined {
  const name = nameKeys.map((key) => properties[key]).find((value) => value !== undefined);
  if (typeof name === 'string') return name;
  // With a pseudo parameter in it: `posture-changes-{region}`.
  const [separator, parts] = (name as { readonly 'Fn::Join'?: readonly [string, readonly Json[]] } | undefined)?.['Fn::Join'] ?? [];
  const texts = parts?.map((part) => (typeof part === 'string' ? part : pseudo[String((part as { readonly Ref?: string }).Ref)]));
  return texts?.every((text) => text !== undefined) ? texts.join(separator) : undefined;
}

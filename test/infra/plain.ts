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
};

const nameKeys = ['TableName', 'QueueName', 'RoleName', 'FunctionName', 'LogGroupName', 'TopicName', 'AlarmName', 'Name'];

/** All resources of all stacks: `{ Ref }` and `{ Fn::GetAtt }` as `<name>.<attribute>`, also across nested stacks; `{ Fn::Join }` as text. */
export function plainResources({ templates }: Pick<Synthesis, 'templates'>): readonly PlainResource[] {
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
    if (Array.isArray(value)) return value.map((item: Json) => plain(item, stack));
    if (typeof value !== 'object' || value === null) return value ?? null;
    const node = value as Readonly<Record<string, Json>>;
    if (typeof node['Ref'] === 'string') return pseudo[node['Ref']] ?? reference(node['Ref'], 'Ref', stack);
    if (Array.isArray(node['Fn::GetAtt'])) return reference(String(node['Fn::GetAtt'][0]), String(node['Fn::GetAtt'][1]), stack);
    // As the parameters are by themselves: the hub is in this account.
    if (Array.isArray(node['Fn::If'])) return plain(node['Fn::If'][1], stack);
    if (Array.isArray(node['Fn::Join']))
      return (plain(node['Fn::Join'][1] as Json, stack) as readonly string[]).join(String(node['Fn::Join'][0]));
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, plain(item, stack)]));
  }

  function reference(logicalId: string, attribute: string, stack: string): Json {
    const template = templates.get(stack) as Template;
    // A parameter of the stack itself, such as the name of a role.
    const own = template.Parameters?.[logicalId]?.Default;
    if (attribute === 'Ref' && typeof own === 'string') return own;
    const resource = template.Resources[logicalId];
    if (resource) return `${nameOf(resource.Properties ?? {}) ?? logicalId}.${attribute}`;
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
  return typeof name === 'string' ? name : undefined;
}

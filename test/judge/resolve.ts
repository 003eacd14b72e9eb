import type { Synthesis, Template, TemplateResource } from '../../infra/synth';
import type { Json } from '../../rules/rule';
import { attributeOf, type Placement, physicalId } from './physical';

/** A resource as CloudFormation makes it: all intrinsic functions are worked out. */
export interface DeployedResource {
  readonly stack: string;
  readonly type: string;
  readonly arn: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is read by tests that say what they expect of it.
  readonly properties: any;
}

type Node = Readonly<Record<string, Json>>;
const noValue = Symbol('AWS::NoValue');
type Resolved = Json | typeof noValue;

/** All resources of all stacks, nested ones too, whose conditions hold. */
export function deployedResources({ templates }: Pick<Synthesis, 'templates'>, placement: Placement): readonly DeployedResource[] {
  const made: DeployedResource[] = [];
  for (const name of templates.keys()) if (!name.includes('/')) deploy(name, placement.parameters?.[name] ?? {});
  return made;

  function deploy(stack: string, given: Readonly<Record<string, Json>>): void {
    const template = templates.get(stack) as Template;
    const scope = scopeOf(template, given, placement);
    for (const [logicalId, resource] of Object.entries(template.Resources)) {
      if (!scope.exists(resource)) continue;
      const properties = scope.resolve((resource.Properties ?? {}) as Json) as Node;
      if (resource.Type === 'AWS::CloudFormation::Stack') deploy(nested(stack, logicalId), (properties.Parameters ?? {}) as Node);
      made.push({
        stack,
        type: resource.Type,
        arn: String(attributeOf({ logicalId, type: resource.Type, properties }, 'Arn', placement)),
        name: physicalId({ logicalId, type: resource.Type, properties }, placement),
        properties,
      });
    }
  }

  function nested(parent: string, logicalId: string): string {
    const found = [...templates.keys()].filter(
      (name) => name.startsWith(`${parent}/`) && logicalId.startsWith(`${name.slice(parent.length + 1)}NestedStack`),
    );
    if (found.length !== 1) throw new Error(`${parent} has ${found.length} templates for ${logicalId}.`);
    return found[0] as string;
  }
}

interface Scope {
  exists(resource: TemplateResource): boolean;
  resolve(value: Json): Resolved;
}

function scopeOf(
  { Resources, Conditions = {}, Parameters = {} }: Template,
  given: Readonly<Record<string, Json>>,
  placement: Placement,
): Scope {
  const pseudo: Readonly<Record<string, Resolved>> = {
    'AWS::Partition': placement.partition,
    'AWS::AccountId': placement.account,
    'AWS::Region': placement.region,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'stack',
    'AWS::StackId': 'stack-id',
    'AWS::NoValue': noValue,
  };

  const functions: Readonly<Record<string, (argument: Json) => Resolved>> = {
    Ref: (name) => referred(String(name)),
    'Fn::GetAtt': (argument) => {
      const [logicalId = '', ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
      return attributeOf(described(logicalId), attribute.join('.'), placement);
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = argument as readonly [string, Json];
      return (resolve(parts) as readonly Json[]).map(String).join(separator);
    },
    'Fn::Split': (argument) => {
      const [separator, text] = argument as readonly [string, Json];
      return String(resolve(text)).split(separator);
    },
    'Fn::Select': (argument) => {
      const [index, list] = argument as readonly [Json, Json];
      return (resolve(list) as readonly Json[])[Number(resolve(index))] ?? '';
    },
    'Fn::Sub': (argument) => {
      const [text, values] = (Array.isArray(argument) ? argument : [argument, {}]) as unknown as readonly [string, Node];
      const valueIn = (name: string): Resolved | undefined => {
        if (name in values) return resolve(values[name] as Json);
        return name.includes('.') ? functions['Fn::GetAtt']?.(name) : referred(name);
      };
      return text.replace(/\$\{([^!][^}]*)\}/g, (_, name: string) => String(valueIn(name)));
    },
    'Fn::If': (argument) => {
      const [condition, then, otherwise] = argument as readonly [string, Json, Json];
      return resolve(holds({ Condition: condition }) ? then : otherwise);
    },
  };

  return { exists: ({ Condition }) => Condition === undefined || holds({ Condition }), resolve };

  function resolve(value: Json): Resolved {
    if (Array.isArray(value)) return value.map((item: Json) => resolve(item)).filter((item): item is Json => item !== noValue);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Node);
    const [name, argument] = entries[0] ?? [];
    if (name !== undefined && entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const work = functions[name];
      if (!work) throw new Error(`The intrinsic function ${name} is unknown here.`);
      return work(argument as Json);
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item)] as const).filter(([, item]) => item !== noValue)) as Json;
  }

  function referred(name: string): Resolved {
    if (name in pseudo) return pseudo[name] as Resolved;
    const parameter = Parameters[name];
    if (parameter) {
      const value = given[name] ?? parameter.Default;
      if (value === undefined) throw new Error(`The parameter ${name} has no value.`);
      return value;
    }
    return physicalId(described(name), placement);
  }

  function described(logicalId: string) {
    const resource = Resources[logicalId];
    if (!resource) throw new Error(`The template refers to ${logicalId}, which it does not have.`);
    // Only what its name is made of: resources refer to each other.
    return {
      logicalId,
      type: resource.Type,
      properties: (resource.Properties ?? {}) as Node,
      resolve: (value: Json) => resolve(value) as Json,
    };
  }

  function holds(condition: Json): boolean {
    const [[name, argument] = []] = Object.entries(condition as Node);
    const list = argument as readonly Json[];
    switch (name) {
      case 'Condition':
        return holds(Conditions[String(argument)] as Json);
      case 'Fn::Equals':
        return String(resolve(list[0] as Json)) === String(resolve(list[1] as Json));
      case 'Fn::Not':
        return !holds(list[0] as Json);
      case 'Fn::And':
        return list.every(holds);
      case 'Fn::Or':
        return list.some(holds);
      default:
        throw new Error(`The condition function ${name} is unknown here.`);
    }
  }
}

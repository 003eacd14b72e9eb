import type { Properties } from './expected-properties';
import { type Argument, terraformArguments } from './terraform';

/** What a resource of a template needs there. */
export interface TemplateChange {
  /** `AWS::S3::Bucket`. */
  readonly type: string;
  /** Undefined if it is not known. */
  readonly logicalId?: string | undefined;
  readonly properties: Properties;
}

export interface Snippet {
  readonly tool: 'CloudFormation' | 'CDK' | 'Terraform';
  readonly code: string;
}

/** The change for the tool that manages a resource: of a stack, in a template and in the CDK. Pure. */
export function snippetsFor(change: TemplateChange, owner: 'stack' | 'terraform'): readonly Snippet[] {
  if (owner === 'stack') return [snippet('CloudFormation', inTemplate(change)), snippet('CDK', inCdk(change))];
  const code = inTerraform(change);
  return code === undefined ? [] : [snippet('Terraform', code)];
}

const snippet = (tool: Snippet['tool'], code: string): Snippet => ({ tool, code });

/** A logical id of CloudFormation is letters and digits; anything else could be code. */
const idOf = ({ logicalId = '' }: TemplateChange): string => (/^[A-Za-z][A-Za-z0-9]{0,254}$/.test(logicalId) ? logicalId : 'TheResource');

/** AWS Config and CloudFormation name a type differently. */
const renamed: Readonly<Record<string, string>> = { 'AWS::OpenSearch::Domain': 'AWS::OpenSearchService::Domain' };
const typeIn = ({ type }: TemplateChange): string => renamed[type] ?? type;

function inTemplate(change: TemplateChange): string {
  return [
    'Resources:',
    `  ${idOf(change)}:`,
    `    Type: ${typeIn(change)}`,
    '    Properties: # keep the others',
    ...yaml(change.properties, 6),
  ].join('\n');
}

const yaml = (properties: Properties, indent: number): readonly string[] =>
  Object.entries(properties).flatMap(([name, value]) =>
    typeof value === 'object'
      ? [`${' '.repeat(indent)}${name}:`, ...yaml(value, indent + 2)]
      : [`${' '.repeat(indent)}${name}: ${JSON.stringify(value)}`],
  );

/** Overrides work whatever construct made the resource, and leave its other properties. */
function inCdk(change: TemplateChange): string {
  const [, service = '', resource = ''] = typeIn(change).split('::');
  return [
    `import { Cfn${resource} } from 'aws-cdk-lib/aws-${service.toLowerCase()}';`,
    '',
    `// construct: the one that makes ${idOf(change)}`,
    `const resource = construct.node.defaultChild as Cfn${resource};`,
    ...leaves(change.properties).map(([path, value]) => `resource.addPropertyOverride('${path}', ${literal(value)});`),
  ].join('\n');
}

/** Undefined if the provider has no certain argument for a property. */
function inTerraform({ type, properties }: TemplateChange): string | undefined {
  const known = Object.hasOwn(terraformArguments, type) ? terraformArguments[type] : undefined;
  const set: { readonly argument: Argument; readonly value: boolean | number | string }[] = [];
  for (const [property, value] of leaves(properties)) {
    const argument = known && Object.hasOwn(known, property) ? known[property] : undefined;
    if (!argument) return undefined;
    set.push({ argument, value: argument.values?.[String(value)] ?? value });
  }
  const resources = [...new Set(set.map(({ argument: { resource } }) => resource))];
  return resources
    .map((resource) => {
      const own = set.filter(({ argument }) => argument.resource === resource);
      const { of } = own[0]?.argument ?? {};
      return [
        `resource "${resource}" "the_resource" {`,
        of ? `  ${of.argument} = ${of.resource}.the_resource.id` : '  # keep the other arguments',
        // As `terraform fmt` has it, which aligns neighbours.
        ...(of && own.some(({ argument: { path } }) => !path.includes('.')) ? [''] : []),
        ...blocks(own.map(({ argument: { path }, value }) => ({ path: path.split('.'), value }))),
        '}',
      ].join('\n');
    })
    .join('\n\n');
}

interface Placed {
  readonly path: readonly string[];
  readonly value: boolean | number | string;
}

function blocks(set: readonly Placed[], indent = 2): readonly string[] {
  const space = ' '.repeat(indent);
  const plain = set.filter(({ path }) => path.length === 1);
  const width = Math.max(0, ...plain.map(({ path: [name = ''] }) => name.length));
  const names = [...new Set(set.flatMap(({ path: [name = ''], path }) => (path.length > 1 ? [name] : [])))];
  return [
    ...plain.map(({ path: [name = ''], value }) => `${space}${name.padEnd(width)} = ${JSON.stringify(value)}`),
    ...names.flatMap((name) => [
      `${space}${name} {`,
      ...blocks(
        set.flatMap(({ path: [first, ...rest], value }) => (first === name && rest.length > 0 ? [{ path: rest, value }] : [])),
        indent + 2,
      ),
      `${space}}`,
    ]),
  ];
}

const leaves = (properties: Properties, path = ''): readonly (readonly [path: string, value: boolean | number | string])[] =>
  Object.entries(properties).flatMap(([name, value]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return typeof value === 'object' ? leaves(value, at) : [[at, value] as const];
  });

const literal = (value: boolean | number | string): string => (typeof value === 'string' ? `'${value}'` : String(value));

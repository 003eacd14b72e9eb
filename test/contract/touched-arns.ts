import type { Call } from '../../functions/aws/call';
import type { Place, Resource } from '../../rules/rule';
import { iamActionOf } from '../emulator/iam-action';
import { type Filled, filledFrom, hasFormat, inPlace, isArn, unnamed } from './arn-format';
import { type Field, fieldsOf } from './input-fields';
import { type ResourceType, resourceTypesOf } from './resource-types';

/** What a call asks of the grants: its action on each of these ARNs, or on one of them where the call does not tell which. */
export interface Touched {
  readonly action: string;
  readonly arns: readonly string[];
  readonly among: 'all' | 'any';
}

/** The ARNs that a call touches, as far as its input and the resource under test tell. */
export async function touchedBy(call: Call, place: Place, resource: Resource | undefined): Promise<Touched> {
  const action = iamActionOf(call);
  const input = fieldsOf(call.input);
  const types = narrowed(call, action, input, await resourceTypesOf(action));
  if (types.length === 0) return { action, arns: ['*'], among: 'all' };
  const named = types.map((type) => ({ type, arns: namedArns(type, input, place, resource) }));
  const isNamed = named.some(({ arns }) => arns.length > 0);
  // Of some services the reference says that reading tags asks for all types at once.
  const asksForAll = !(isNamed && /:ListTags/.test(action));
  const arns = named.flatMap(({ type, arns }) =>
    arns.length > 0 || !(type.required && asksForAll) ? arns : [unnamedArn(type, place, resource)],
  );
  if (arns.length > 0) return { action, arns: [...new Set(arns)], among: 'all' };
  return { action, arns: types.map((type) => unnamedArn(type, place, resource)), among: 'any' };
}

/** The types that the input says it is about, or that are made with tags. */
export const typesIn = (fields: readonly Field[]): readonly string[] =>
  fields.filter(({ name }) => name === 'ResourceType').map(({ value }) => value.toLowerCase());

/** The types that a call can be about; it needs each of those that its input says. */
function narrowed({ operation }: Call, action: string, input: readonly Field[], types: readonly ResourceType[]): readonly ResourceType[] {
  // API Gateway knows the methods of HTTP alone; its operations are named after the resource.
  if (action.startsWith('apigateway:')) return types.filter(({ name }) => name === operation.replace(/^[A-Z][a-z]+/, ''));
  const said = typesIn(input);
  // That of a resource which is made with tags stands deeper, and says nothing of the others.
  const about = typesIn(input.filter(({ depth }) => depth === 1));
  const isNarrow = types.some(({ name }) => about.includes(name));
  return types
    .map((type) => ({ ...type, required: type.required || said.includes(type.name) }))
    .filter(({ required }) => required || !isNarrow);
}

function namedArns(type: ResourceType, fields: readonly Field[], place: Place, resource: Resource | undefined): readonly string[] {
  const values = fields.map(({ value }) => value);
  const given = values.filter((value) => isArn(value) && isOf(type, value));
  const own = resource && isOf(type, resource.arn) && values.includes(resource.id) ? [resource.arn] : [];
  if (given.length + own.length > 0) return [...given, ...own];
  const candidates = type.formats.map((format) => filledFrom(format, fields, place));
  // Of an optional type, what the input names may be a part of another type's ARN: the application of an environment, not its template.
  // AWS's own documents belong to no account.
  return bestOf(candidates.filter(({ isNamed }) => isNamed || type.required)).map((arn) =>
    arn.replace(/:\d+:document\/AWS-/, '::document/AWS-'),
  );
}

const bestOf = (all: readonly Filled[]): readonly string[] => {
  const useful = all.filter(({ arns }) => arns.length > 0);
  const least = Math.min(...useful.map(({ unlike }) => unlike));
  return useful.filter(({ unlike }) => unlike === least).flatMap(({ arns }) => arns);
};

/** Whether the ARN is that of a resource of the type. */
export const isOf = ({ formats }: ResourceType, arn: string): boolean => formats.some((format) => hasFormat(format, arn));

/** Any resource of the type; that under test, if it is one. */
export function unnamedArn(type: ResourceType, place: Place, resource?: Resource): string {
  if (resource && isOf(type, resource.arn)) return resource.arn;
  return inPlace(type.formats[0] ?? '', place).replace(/\$\{\w+\}/g, unnamed);
}

import type { Json } from '../../rules/rule';
import type { Call } from '../aws/call';
import { type KnownCall, knownCalls } from './known-calls';

/** Properties of a CloudFormation resource, nested as in a template. */
export type Properties = { readonly [Name in string]: Value };
type Value = boolean | number | string | Properties;

/**
 * The properties that a template needs for what the calls of a plan set. Undefined if any call or input has no certain counterpart, or a value is
 * more than a plain setting: a wrong snippet is worse than none. Pure.
 */
export function expectedProperties(type: string, calls: readonly Call[]): Properties | undefined {
  const known = Object.hasOwn(knownCalls, type) ? knownCalls[type] : undefined;
  let properties: Properties = {};
  for (const call of calls) {
    const name = `${call.service}:${call.operation}`;
    const one = known && Object.hasOwn(known, name) ? known[name] : undefined;
    const set = one && settingsOf(one, call.input);
    if (!set) return undefined;
    for (const { property, value } of set) {
      if (!isSetting(value)) return undefined;
      properties = withProperty(properties, property.split('.'), value);
    }
  }
  return Object.keys(properties).length > 0 ? properties : undefined;
}

interface Set {
  readonly property: string;
  readonly value: Json;
}

function settingsOf({ sets = {}, always = {}, besides }: KnownCall, input: Json): readonly Set[] | undefined {
  const found: Set[] = Object.entries(always).map(([property, value]) => ({ property, value }));
  for (const [path, value] of leavesOf(input)) {
    const setting = sets[path];
    if (setting === undefined) {
      // `AttributeName=KmsMasterKeyId`: only with this value.
      if (!besides.includes(path) && !besides.includes(`${path}=${String(value)}`)) return undefined;
      continue;
    }
    found.push(typeof setting === 'string' ? { property: setting, value } : { property: setting.property, value: setting.as(value) });
  }
  return found;
}

function leavesOf(value: Json, path = ''): readonly (readonly [path: string, value: Json])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner as Json, path === '' ? name : `${path}.${name}`));
}

/** No ARN, address or text: what a setting names beyond itself is of the account, and a template refers to it otherwise. */
const isSetting = (value: Json): value is boolean | number | string =>
  typeof value === 'boolean' || typeof value === 'number' || (typeof value === 'string' && /^[\w./-]{1,64}$/.test(value));

function withProperty(properties: Properties, [first = '', ...rest]: readonly string[], value: Value): Properties {
  const inner = properties[first];
  return { ...properties, [first]: rest.length === 0 ? value : withProperty(typeof inner === 'object' ? inner : {}, rest, value) };
}

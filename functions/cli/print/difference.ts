import type { Json } from '../../../rules/rule';
import { canonicalJson } from '../../canonical-json';

/** A path in a value, with the values before and after; undefined if there is none. */
export interface Difference {
  readonly path: string;
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

type Fields = { readonly [key: string]: Json | undefined };

/** The differences of two values. Lists are compared as sets. */
export function differences(was: Json | undefined, is: Json | undefined, path = ''): readonly Difference[] {
  const [before, after] = [opened(was), opened(is)];
  if (isFields(before) && isFields(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], under(path, key)));
  }
  if (isList(before) && isList(after)) {
    const removed = without(before, after);
    const added = without(after, before);
    const [one, other] = [removed[0], added[0]];
    if (removed.length === 1 && added.length === 1 && isFields(one) && isFields(other)) return differences(one, other, `${path}[]`);
    return [
      ...removed.map((item) => ({ path: `${path}[]`, was: item, is: undefined })),
      ...added.map((item) => ({ path: `${path}[]`, was: undefined, is: item })),
    ];
  }
  return same(before, after) ? [] : [{ path, was: before, is: after }];
}

/** The single values in a value, each with its path. */
export function leaves(value: Json | undefined, path = ''): readonly { readonly path: string; readonly value: Json }[] {
  const inner = opened(value);
  if (inner === undefined) return [];
  if (isFields(inner) && Object.keys(inner).length > 0)
    return Object.entries(inner).flatMap(([key, item]) => leaves(item, under(path, key)));
  if (isList(inner) && inner.some((item) => isFields(opened(item))))
    return inner.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  return [{ path, value: inner }];
}

/** The content of JSON in a string, such as a policy document. */
function opened(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

const under = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const same = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));

/** The items without an equal among the others, counted. */
function without(items: readonly Json[], others: readonly Json[]): readonly Json[] {
  const left = others.map(canonicalJson);
  return items.filter((item) => {
    const index = left.indexOf(canonicalJson(item));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

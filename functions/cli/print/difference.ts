import type { Json } from '../../../rules/rule';
import { canonicalJson } from '../../canonical-json';

/** A place in a value, with what stands there and what shall; undefined where nothing does. */
export interface Difference {
  readonly path: string;
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

type Fields = { readonly [key: string]: Json | undefined };

/** Where two values differ. The items of lists have no order: one is there, or it is not. */
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

/** A policy is JSON in a text: what counts is what is in it. */
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

/** The items that the others have no like of, each counted. */
function without(items: readonly Json[], others: readonly Json[]): readonly Json[] {
  const left = others.map(canonicalJson);
  return items.filter((item) => {
    const index = left.indexOf(canonicalJson(item));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

import { createHash } from 'node:crypto';
import { visible } from '../../untrusted-text';
import { shortened } from '../html/markup';

/** A UUID of ours, to which all others of a document lead back. It also is the namespace of our properties. */
export const namespace = '6f0a7c4e-8f0e-4a51-9f7b-0c5d2c1f6a83';

/** The UUID of a name in a namespace, version 5: the same name has the same one. Source: RFC 9562, section 5.5. */
export function uuidOf(within: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(within.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const maxLength = 2000;

/** A string of OSCAL: one line, with something in it, and no space around it. */
export const line = (text: string): string => shortened(visible(text.replace(/[\r\n\t]+/g, ' ')), maxLength).trim() || '–';

/** A line in which nothing is Markdown. */
export const markup = (text: string): string => line(text).replace(/[\\`*_{}[\]<>^~|&!#"']/g, '\\$&');

/** A token of OSCAL: letters, digits, `.`, `_` and `-`, beginning with a letter or `_`. */
export function token(text: string): string {
  const kept = text.replace(/[^\p{L}\p{N}.\-_]/gu, '-').slice(0, 200);
  return /^[\p{L}_]/u.test(kept) ? kept : `_${kept}`;
}

export interface Property {
  readonly name: string;
  readonly ns: string;
  readonly value: string;
}

/** Our properties, those without a value left out. */
export const propertiesOf = (values: Readonly<Record<string, string | number | undefined>>): readonly Property[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, ns: `urn:uuid:${namespace}`, value: line(String(value)) }],
  );

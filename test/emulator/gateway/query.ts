import { randomUUID } from 'node:crypto';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/** What XML holds: a list is written as an element of the same name for each of its items. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

const escaped = (text: string) => text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);

const element = (name: string, value: Xml): string => {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => element(name, item)).join('');
  return `<${name}>${typeof value === 'object' ? elements(value) : escaped(String(value))}</${name}>`;
};

const elements = (values: { readonly [name: string]: Xml }): string =>
  Object.entries(values)
    .map(([name, value]) => element(name, value))
    .join('');

const isList = (value: Xml): value is readonly Xml[] => Array.isArray(value);

/** What a service of the query protocol answers when all went well; a list is given as `{ Tags: { Tag: [...] } }`. */
export const queryAnswer = ({ name }: Pick<Operation, 'name'>, result: { readonly [name: string]: Xml }): Answer => {
  const id = randomUUID();
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': id };
  const body = { [`${name}Result`]: result, ResponseMetadata: { RequestId: id } };
  return {
    status: 200,
    rawHeaders: Object.entries(headers).flat(),
    headers,
    body: Buffer.from(element(`${name}Response`, body)),
  };
};

/** The plain members of a query call: booleans and numbers as such, lists and structures left out. */
export const plainMembers = ({ input }: Pick<Operation, 'input'>): Readonly<Record<string, string | number | boolean>> =>
  Object.fromEntries(Object.entries(input).flatMap(([name, value]) => (name.includes('.') ? [] : [[name, plain(String(value))]])));

const plain = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
};

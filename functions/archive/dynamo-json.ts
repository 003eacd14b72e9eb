import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../log/item';
import { quote } from '../untrusted-text';

/** An item as DynamoDB JSON: bytes in Base64, sets sorted, so that equal items have equal texts. */
export const toDynamoJson = (item: Item): Record<string, unknown> => mapped(item, plainOf);

/** An item of DynamoDB JSON. Throws a TypeError for what is none. */
export function fromDynamoJson(json: unknown): Item {
  if (!isRecord(json)) throw new TypeError(`The item is ${quote(json)}, and must be an object.`);
  return mapped(json, attributeOf);
}

function plainOf(value: AttributeValue): Record<string, unknown> {
  const [[type, content] = ['', undefined]] = Object.entries(value).filter(([, one]) => one !== undefined);
  switch (type) {
    case 'B':
      return { B: base64(content) };
    case 'BS':
      return { BS: content.map(base64).toSorted() };
    case 'SS':
    case 'NS':
      return { [type]: content.toSorted() };
    case 'L':
      return { L: content.map(plainOf) };
    case 'M':
      return { M: mapped(content, plainOf) };
    default:
      return { [type]: content };
  }
}

function attributeOf(value: unknown): AttributeValue {
  if (!isRecord(value)) throw new TypeError(`The attribute is ${quote(value)}, and must be an object.`);
  const entries = Object.entries(value);
  const [[type, content] = ['', undefined]] = entries;
  const isType = entries.length === 1 && types[type]?.(content);
  if (!isType)
    throw new TypeError(`The attribute has ${quote(entries.map(([name]) => name).join(', '))}, and must have one type and its value.`);
  switch (type) {
    case 'B':
      return { B: Buffer.from(content as string, 'base64') };
    case 'BS':
      return { BS: (content as readonly string[]).map((one) => Buffer.from(one, 'base64')) };
    case 'L':
      return { L: (content as readonly unknown[]).map(attributeOf) };
    case 'M':
      return { M: mapped(content as Record<string, unknown>, attributeOf) };
    default:
      return value as unknown as AttributeValue;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

/** Source: Amazon DynamoDB API Reference, AttributeValue. */
const types: Readonly<Record<string, (content: unknown) => boolean>> = {
  S: isText,
  N: isText,
  B: isText,
  SS: isTexts,
  NS: isTexts,
  BS: isTexts,
  BOOL: (content) => typeof content === 'boolean',
  NULL: (content) => typeof content === 'boolean',
  L: Array.isArray,
  M: isRecord,
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** With own properties alone, whatever the attributes are called. */
const mapped = <From, To>(from: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value)]));

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../error';
import type { Tokens } from './tokens';
import { type Item, sizeOf } from './value';

/** What the placeholders of an expression stand for. */
export interface Placeholders {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, AttributeValue>> | undefined;
}

export type Operand = (item: Item, given: Placeholders) => AttributeValue | undefined;
/** The names and positions from an item to a value in it. */
export type Path = (given: Placeholders) => readonly (string | number)[];

/** `#a.b[3]` */
export function readPath(tokens: Tokens): Path {
  const words: (string | number)[] = [tokens.take()];
  for (;;) {
    if (tokens.accept('.')) words.push(tokens.take());
    else if (tokens.accept('[')) {
      words.push(Number(tokens.take()));
      tokens.expect(']');
    } else break;
  }
  return ({ names = {} }) =>
    words.map((word) => {
      if (typeof word === 'number' || !word.startsWith('#')) return word;
      const name = names[word];
      if (name === undefined)
        throw new AwsError('ValidationException', `An expression attribute name used in the document path is not defined: ${word}`);
      return name;
    });
}

export function valueAt(item: Item, path: readonly (string | number)[]): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item as Record<string, AttributeValue> };
  for (const step of path) value = typeof step === 'number' ? value?.L?.[step] : value?.M?.[step];
  return value;
}

export function givenValue(placeholder: string, { values = {} }: Placeholders): AttributeValue {
  const value = values[placeholder];
  if (value === undefined)
    throw new AwsError('ValidationException', `An expression attribute value used in expression is not defined: ${placeholder}`);
  return value;
}

/** A value, a path, or the size of what is at a path. */
export function readOperand(tokens: Tokens): Operand {
  if (tokens.peek().startsWith(':')) {
    const placeholder = tokens.take();
    return (_, given) => givenValue(placeholder, given);
  }
  if (tokens.peek(1) === '(' && tokens.accept('SIZE')) {
    tokens.expect('(');
    const measured = readPath(tokens);
    tokens.expect(')');
    return (item, given) => {
      const value = valueAt(item, measured(given));
      const size = value && sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    };
  }
  const path = readPath(tokens);
  return (item, given) => valueAt(item, path(given));
}

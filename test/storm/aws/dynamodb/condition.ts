import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Operand, type Placeholders, readOperand, readPath, valueAt } from './operand';
import { Tokens } from './tokens';
import { compare, type Item, same } from './value';

export type Condition = (item: Item, given: Placeholders) => boolean;

const read = new Map<string, Condition>();

/** A condition, filter or key condition expression as a function. Source: the Developer Guide, "Condition and filter expressions". */
export function conditionOf(text: string): Condition {
  const known = read.get(text);
  if (known) return known;
  const tokens = new Tokens(text);
  const condition = readOr(tokens);
  if (!tokens.isAtEnd) tokens.fail();
  read.set(text, condition);
  return condition;
}

function readOr(tokens: Tokens): Condition {
  const parts = [readAnd(tokens)];
  while (tokens.accept('OR')) parts.push(readAnd(tokens));
  return (item, given) => parts.some((part) => part(item, given));
}

function readAnd(tokens: Tokens): Condition {
  const parts = [readNot(tokens)];
  while (tokens.accept('AND')) parts.push(readNot(tokens));
  return (item, given) => parts.every((part) => part(item, given));
}

function readNot(tokens: Tokens): Condition {
  if (!tokens.accept('NOT')) return readOne(tokens);
  const negated = readNot(tokens);
  return (item, given) => !negated(item, given);
}

function readOne(tokens: Tokens): Condition {
  if (tokens.accept('(')) {
    const inner = readOr(tokens);
    tokens.expect(')');
    return inner;
  }
  const named = tokens.peek(1) === '(' ? functions[tokens.peek().toLowerCase()] : undefined;
  if (named) {
    tokens.take();
    tokens.expect('(');
    const condition = named(tokens);
    tokens.expect(')');
    return condition;
  }
  return readComparison(tokens, readOperand(tokens));
}

const functions: Readonly<Record<string, (tokens: Tokens) => Condition>> = {
  attribute_exists(tokens) {
    const path = readPath(tokens);
    return (item, given) => valueAt(item, path(given)) !== undefined;
  },
  attribute_not_exists(tokens) {
    const path = readPath(tokens);
    return (item, given) => valueAt(item, path(given)) === undefined;
  },
  begins_with: binary((value, prefix) => value.S !== undefined && prefix.S !== undefined && value.S.startsWith(prefix.S)),
  contains: binary((value, part) => {
    if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
    if (value.SS) return part.S !== undefined && value.SS.includes(part.S);
    return value.L?.some((one) => same(one, part)) ?? false;
  }),
  attribute_type: binary((value, type) => Object.keys(value)[0] === type.S),
};

function binary(test: (value: AttributeValue, other: AttributeValue) => boolean): (tokens: Tokens) => Condition {
  return (tokens) => {
    const value = readOperand(tokens);
    tokens.expect(',');
    const other = readOperand(tokens);
    return onBoth(value, other, test);
  };
}

const onBoth =
  (a: Operand, b: Operand, test: (x: AttributeValue, y: AttributeValue) => boolean): Condition =>
  (item, given) => {
    const [x, y] = [a(item, given), b(item, given)];
    return x !== undefined && y !== undefined && test(x, y);
  };

function readComparison(tokens: Tokens, left: Operand): Condition {
  if (tokens.accept('BETWEEN')) {
    const from = readOperand(tokens);
    tokens.expect('AND');
    const to = readOperand(tokens);
    const isFrom = onBoth(left, from, (a, b) => (compare(a, b) ?? -1) >= 0);
    const isTo = onBoth(left, to, (a, b) => (compare(a, b) ?? 1) <= 0);
    return (item, given) => isFrom(item, given) && isTo(item, given);
  }
  if (tokens.accept('IN')) {
    tokens.expect('(');
    const some = [onBoth(left, readOperand(tokens), same)];
    while (tokens.accept(',')) some.push(onBoth(left, readOperand(tokens), same));
    tokens.expect(')');
    return (item, given) => some.some((one) => one(item, given));
  }
  const comparator = tokens.take();
  const right = readOperand(tokens);
  // An attribute that is absent differs from every value.
  if (comparator === '<>') return (item, given) => !onBoth(left, right, same)(item, given);
  const holds = comparators[comparator];
  return holds ? onBoth(left, right, holds) : tokens.fail();
}

const comparators: Readonly<Record<string, (a: AttributeValue, b: AttributeValue) => boolean>> = {
  '=': same,
  '<': (a, b) => compare(a, b) === -1,
  '>': (a, b) => compare(a, b) === 1,
  '<=': (a, b) => (compare(a, b) ?? 1) <= 0,
  '>=': (a, b) => (compare(a, b) ?? -1) >= 0,
};

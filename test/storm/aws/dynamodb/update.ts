import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../error';
import { givenValue, type Operand, type Path, type Placeholders, readOperand, readPath, valueAt } from './operand';
import { Tokens } from './tokens';
import type { Item } from './value';

type Change = (
  item: Item,
  given: Placeholders,
) => { readonly path: readonly (string | number)[]; readonly value: AttributeValue | undefined };

const read = new Map<string, readonly Change[]>();

/** The item after an update expression. All of its operands see the item as it was before. Source: the Developer Guide, "Update expressions". */
export function updated(item: Item, text: string, given: Placeholders): Item {
  let changes = read.get(text);
  if (!changes) {
    changes = readUpdate(new Tokens(text));
    read.set(text, changes);
  }
  let next = item;
  for (const { path, value } of changes.map((change) => change(item, given))) next = withValue(next, path, value);
  return next;
}

const clauses: Readonly<Record<string, (tokens: Tokens) => Change>> = {
  SET(tokens) {
    const path = readPath(tokens);
    tokens.expect('=');
    const value = readSum(tokens);
    return (item, given) => ({ path: path(given), value: required(value(item, given)) });
  },
  REMOVE(tokens) {
    const path = readPath(tokens);
    return (_, given) => ({ path: path(given), value: undefined });
  },
  ADD: (tokens) => onOwn(tokens, added),
  DELETE: (tokens) => onOwn(tokens, removed),
};

function readUpdate(tokens: Tokens): readonly Change[] {
  const changes: Change[] = [];
  while (!tokens.isAtEnd) {
    const clause = clauses[tokens.take().toUpperCase()];
    if (!clause) return tokens.fail();
    do changes.push(clause(tokens));
    while (tokens.accept(','));
  }
  return changes;
}

function onOwn(tokens: Tokens, change: (value: AttributeValue | undefined, by: AttributeValue) => AttributeValue | undefined): Change {
  const path: Path = readPath(tokens);
  const placeholder = tokens.take();
  return (item, given) => ({ path: path(given), value: change(valueAt(item, path(given)), givenValue(placeholder, given)) });
}

function added(value: AttributeValue | undefined, by: AttributeValue): AttributeValue {
  if (by.N !== undefined) return { N: String(numberIn(value ?? { N: '0' }) + Number(by.N)) };
  if (by.SS) return { SS: [...new Set([...(value?.SS ?? []), ...by.SS])] };
  if (by.NS) return { NS: [...new Set([...(value?.NS ?? []), ...by.NS])] };
  throw new AwsError('ValidationException', 'Invalid UpdateExpression: Incorrect operand type for operator ADD');
}

/** An empty set is no value. */
function removed(value: AttributeValue | undefined, taken: AttributeValue): AttributeValue | undefined {
  const left = (value?.SS ?? value?.NS ?? []).filter((one) => !(taken.SS ?? taken.NS ?? []).includes(one));
  if (left.length === 0) return undefined;
  return taken.SS ? { SS: left } : { NS: left };
}

function numberIn(value: AttributeValue): number {
  if (value.N === undefined) throw new AwsError('ValidationException', 'An operand in the update expression has an incorrect data type');
  return Number(value.N);
}

function readSum(tokens: Tokens): Operand {
  const left = readTerm(tokens);
  const isSum = tokens.accept('+');
  if (!isSum && !tokens.accept('-')) return left;
  const sign = isSum ? 1 : -1;
  const right = readTerm(tokens);
  return (item, given) => ({ N: String(numberIn(required(left(item, given))) + sign * numberIn(required(right(item, given)))) });
}

function readTerm(tokens: Tokens): Operand {
  if (tokens.peek(1) !== '(') return readOperand(tokens);
  if (tokens.accept('IF_NOT_EXISTS')) {
    const [known, otherwise] = readPair(tokens);
    return (item, given) => known(item, given) ?? otherwise(item, given);
  }
  tokens.expect('LIST_APPEND');
  const [first, second] = readPair(tokens);
  return (item, given) => ({ L: [...(first(item, given)?.L ?? []), ...(second(item, given)?.L ?? [])] });
}

function readPair(tokens: Tokens): readonly [Operand, Operand] {
  tokens.expect('(');
  const first = readTerm(tokens);
  tokens.expect(',');
  const second = readTerm(tokens);
  tokens.expect(')');
  return [first, second];
}

function required(value: AttributeValue | undefined): AttributeValue {
  if (value === undefined)
    throw new AwsError('ValidationException', 'The provided expression refers to an attribute that does not exist in the item');
  return value;
}

function withValue(item: Item, [step, ...rest]: readonly (string | number)[], value: AttributeValue | undefined): Item {
  const name = String(step);
  const { [name]: old, ...others } = item;
  if (rest.length === 0) return value === undefined ? others : { ...others, [name]: value };
  if (!old?.M) throw new AwsError('ValidationException', 'The document path provided in the update expression is invalid for update');
  return { ...others, [name]: { M: withValue(old.M, rest, value) as Record<string, AttributeValue> } };
}

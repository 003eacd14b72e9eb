import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What stands at the end of a path of an event. */
export type Leaf = string | number | boolean | null;

/** What one entry of a field's list in a pattern asks of a value; `absent` asks that there is none. */
export type Ask = { readonly absent: true } | { readonly absent: false; readonly of: (value: Leaf) => boolean };

type Test = (value: Leaf) => boolean;

const most = 5e9;

const invalid = (problem: string) => new Error(`Event pattern is not valid. Reason: ${problem}`);

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 100) ?? String(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (operator: string, value: unknown): string => {
  if (typeof value !== 'string') throw invalid(`${operator} match pattern must be a string, not ${shown(value)}`);
  return value;
};

const onStrings =
  (test: (value: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

/** The one operator of `{ "prefix": … }`, with what it is given. */
const single = (expression: Readonly<Record<string, unknown>>): readonly [string, unknown] => {
  const [entry, ...others] = Object.entries(expression);
  if (entry === undefined) throw invalid('Match expression name not found');
  if (others.length > 0) throw invalid(`Only one key allowed in match expression ${shown(expression)}`);
  return entry;
};

/** `prefix` and `suffix`, which can also ignore case. */
const affix = (operator: 'prefix' | 'suffix', given: unknown): Test => {
  const found = (value: string, part: string) => (operator === 'prefix' ? value.startsWith(part) : value.endsWith(part));
  if (!isObject(given)) {
    const part = text(operator, given);
    return onStrings((value) => found(value, part));
  }
  const [name, argument] = single(given);
  if (name !== 'equals-ignore-case') throw invalid(`Unsupported ${operator} pattern: ${name}. Only equals-ignore-case is allowed`);
  const part = text(operator, argument).toLowerCase();
  return onStrings((value) => found(value.toLowerCase(), part));
};

const equalsIgnoreCase = (given: unknown): Test => {
  const wanted = text('equals-ignore-case', given).toLowerCase();
  return onStrings((value) => value.toLowerCase() === wanted);
};

/** `*` stands for any characters or none; `\*` and `\\` for themselves. */
const wildcard = (given: unknown): Test => {
  const pattern = text('wildcard', given);
  const parts = pattern.match(/\\.?|\*+|[^\\*]+/gs) ?? [];
  const source = parts.map((part) => {
    if (part.startsWith('\\')) {
      if (part !== '\\*' && part !== '\\\\')
        throw invalid(`Invalid escape character in wildcard ${shown(pattern)}: only \\* and \\\\ are allowed`);
      return `\\${part[1]}`;
    }
    if (!part.startsWith('*')) return part.replace(/[.+?^${}()|[\]/-]/g, '\\$&');
    if (part.length > 1) throw invalid(`Consecutive wildcard characters in ${shown(pattern)}`);
    return '.*';
  });
  const expression = new RegExp(`^${source.join('')}$`, 's');
  return onStrings((value) => expression.test(value));
};

const familyOf = (address: string) => {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : undefined;
};

const cidr = (given: unknown): Test => {
  const [address = '', bits = ''] = text('cidr', given).split('/');
  const family = familyOf(address);
  if (family === undefined || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 'ipv4' ? 32 : 128)) {
    throw invalid(`Malformed CIDR ${shown(given)}: it has to be an IP address, a slash and the number of bits`);
  }
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return onStrings((value) => (family === 'ipv4' ? isIPv4(value) : isIPv6(value)) && block.check(value, family));
};

const number = (value: unknown): number => {
  if (typeof value !== 'number' || Math.abs(value) > most)
    throw invalid(`Value must be a number between -${most} and ${most}, not ${shown(value)}`);
  return value;
};

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const numeric = (given: unknown): Test => {
  if (!Array.isArray(given)) throw invalid('Value of numeric must be an array');
  const [operator, bound, upperOperator, upperBound, ...others] = given as readonly unknown[];
  const compare = comparisons[String(operator)];
  if (compare === undefined) throw invalid(`Unrecognized numeric range operator: ${shown(operator)}`);
  const first = number(bound);
  if (given.length === 2) return (value) => typeof value === 'number' && compare(value, first);
  const compareUpper = comparisons[String(upperOperator)];
  const isRange = /^>=?$/.test(String(operator)) && /^<=?$/.test(String(upperOperator));
  if (!isRange || compareUpper === undefined || others.length > 0)
    throw invalid(`Bad numeric range ${shown(given)}: "=", "<", "<=", ">" or ">=" with a number, or a lower and then an upper bound`);
  const second = number(upperBound);
  if (first >= second) throw invalid(`Bottom must be less than top in ${shown(given)}`);
  return (value) => typeof value === 'number' && compare(value, first) && compareUpper(value, second);
};

const listed = (given: unknown): readonly unknown[] => {
  const values = Array.isArray(given) ? (given as readonly unknown[]) : [given];
  if (values.length === 0) throw invalid('Empty arrays are not allowed');
  return values;
};

const excludable: Readonly<Record<string, (given: unknown) => Test>> = {
  prefix: (given) => affix('prefix', text('prefix', given)),
  suffix: (given) => affix('suffix', text('suffix', given)),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
};

const anythingBut = (given: unknown): Test => {
  if (isObject(given)) {
    const [name, argument] = single(given);
    const make = excludable[name];
    if (make === undefined) throw invalid(`Unsupported anything-but pattern: ${name}. Allowed are ${Object.keys(excludable).join(', ')}`);
    const values = listed(argument);
    if (values.includes('')) throw invalid(`Null ${name} not allowed in anything-but`);
    const tests = values.map(make);
    return (value) => !tests.some((test) => test(value));
  }
  const values = listed(given);
  if (!values.every((value) => typeof value === 'string') && !values.every((value) => typeof value === 'number')) {
    throw invalid(`Value of anything-but must be strings alone or numbers alone, not ${shown(given)}`);
  }
  const excluded = new Set<unknown>(values);
  return (value) => !excluded.has(value);
};

const operators: Readonly<Record<string, (given: unknown) => Test>> = {
  prefix: (given) => affix('prefix', given),
  suffix: (given) => affix('suffix', given),
  'equals-ignore-case': equalsIgnoreCase,
  'anything-but': anythingBut,
  wildcard,
  cidr,
  numeric,
};

/** Names that no field inside a `$or` may have. */
export const operatorNames: ReadonlySet<string> = new Set([...Object.keys(operators), 'exists']);

/** Reads one entry of a field's list: a plain value or an operator. Throws if EventBridge would refuse it. */
export const readAsk = (entry: unknown): Ask => {
  if (entry === null || typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean') {
    return { absent: false, of: (value) => value === entry };
  }
  if (!isObject(entry)) throw invalid(`Match value must be String, number, true, false, or null, or an operator, not ${shown(entry)}`);
  const [name, given] = single(entry);
  if (name === 'exists') {
    if (typeof given !== 'boolean') throw invalid(`exists match pattern must be either true or false, not ${shown(given)}`);
    return given ? { absent: false, of: () => true } : { absent: true };
  }
  const make = operators[name];
  if (make === undefined) throw invalid(`Unrecognized match type ${name}. Allowed are ${[...operatorNames].join(', ')}`);
  return { absent: false, of: make(given) };
};

import { type Ask, operatorNames, readAsk } from './value';

/** Fields by their path, joined by dots: all must match, each by one of its entries. */
export type Branch = ReadonlyMap<string, readonly Ask[]>;

const mostBranches = 1000;

const invalid = (problem: string) => new Error(`Event pattern is not valid. Reason: ${problem}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bounded = (branches: readonly Branch[]) => {
  if (branches.length > mostBranches) {
    throw invalid(`$or makes more than ${mostBranches} combinations of conditions. Use fewer alternatives, or several rules`);
  }
  return branches;
};

const withOr = (branches: readonly Branch[], path: readonly string[], alternatives: unknown): readonly Branch[] => {
  if (!Array.isArray(alternatives)) throw invalid('It must be an Array followed with $or');
  if (alternatives.length < 2) throw invalid('There must have at least 2 Objects in $or relationship');
  return bounded(
    alternatives.flatMap((alternative) => {
      if (!isObject(alternative)) throw invalid('Only JSON object is allowed in array of $or relationship');
      return withFields(branches, path, alternative, true);
    }),
  );
};

const withFields = (
  before: readonly Branch[],
  path: readonly string[],
  fields: Readonly<Record<string, unknown>>,
  insideOr: boolean,
): readonly Branch[] => {
  const entries = Object.entries(fields);
  if (entries.length === 0) throw invalid('Empty objects are not allowed');
  let branches = before;
  for (const [name, value] of entries) {
    if (name === '$or') {
      branches = withOr(branches, path, value);
    } else if (insideOr && operatorNames.has(name)) {
      throw invalid(`${name} is an operator and can't be the name of a field inside $or`);
    } else if (isObject(value)) {
      branches = withFields(branches, [...path, name], value, insideOr);
    } else if (Array.isArray(value)) {
      if (value.length === 0) throw invalid('Empty arrays are not allowed');
      const asks = value.map(readAsk);
      branches = branches.map((branch) => new Map(branch).set([...path, name].join('.'), asks));
    } else {
      throw invalid(`"${name}" must be an object or an array`);
    }
  }
  return branches;
};

/** The pattern as alternatives without `$or`. Throws if EventBridge would refuse it. */
export const branchesOf = (pattern: unknown): readonly Branch[] => {
  if (!isObject(pattern)) throw invalid('Filter is not an object');
  return withFields([new Map()], [], pattern, false).map((branch) => new Map([...branch].sort(([one], [other]) => (one < other ? -1 : 1))));
};
